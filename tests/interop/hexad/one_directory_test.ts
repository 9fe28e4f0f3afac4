/**
 * One directory under several names, through links and relative paths: `hexad` tells each line and
 * each service once.
 */
import { assertEquals } from "@std/assert";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, type World } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");
const WRITES = "#!/bin/sh\necho one\necho two\nexec sleep 100000\n";

/**
 * linked: the entry is a link. plain: its logger has a relative directory. behind: its log
 * directory is behind a link, by an absolute path. hosted: as plain, of a logscript.
 */
const LOGDIRS = {
  linked: ".real/log/main",
  plain: "plain/log/main",
  behind: ".store/behind",
} as const;

function hexad(world: World, args: readonly string[]): Promise<Result> {
  // as -S or a path relative to the directory above would be written
  return run(HEXAD, args, { cwd: `${world.tree.root}/..` });
}

/** What is told, without what is before the words. */
function wordsIn({ stdout }: Result): string[] {
  return stdout.trimEnd().split("\n").map((line) => line.replace(/^.*: /, ""));
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  Deno.test(`${pairing.name}: a directory under several names: logs, status and events tell everything once`, async (t) => {
    requireToolset(pairing.daemon);
    const s6log = pairing.daemon.bin("s6-log");
    await using world = await openWorld(pairing, {
      ".real/run!": WRITES,
      ".real/log/run!": `#!/bin/sh\nexec ${s6log} t ./main\n`,
      "linked=": ".real",
      "plain/run!": WRITES,
      "plain/log/run!": `#!/bin/sh\nexec ${s6log} t ./main\n`,
      ".store/": "",
      ".link=": ".store",
      "behind/run!": WRITES,
      "behind/log/run!": `#!/bin/sh\nexec ${s6log} t "$(cd ../..; pwd)/.link/behind"\n`,
    });
    const { root } = world.tree;
    for (const logdir of Object.values(LOGDIRS)) {
      await eventually(
        `both lines in ${logdir}`,
        () =>
          world.tree.exists(`${logdir}/current`) &&
          world.tree.text(`${logdir}/current`).includes("two"),
      );
    }
    const relative = `./${root.slice(root.lastIndexOf("/") + 1)}`;
    const scandirs = ["-S", relative];
    const cases: [string, string[]][] = [
      ["the entry is a link", [...scandirs, "linked"]],
      ["-S is relative", [...scandirs, "plain"]],
      ["-S is absolute", ["-S", root, "plain"]],
      ["-S ends in slashes", ["-S", `${root}//`, "plain"]],
      ["a service by its relative path", [`${relative}/plain`]],
      ["a service by its absolute path", [`${root}/linked`]],
      ["a service by where its link leads", [`${root}/.real`]],
      ["a log directory behind a link", [...scandirs, "behind"]],
      ["a service by two names", [...scandirs, "linked", `${root}/.real`, `${root}/linked`]],
      ["a service and its log directory", [...scandirs, "behind", `${root}/.store/behind`]],
      ["a log directory by two paths", [`${root}/.store/behind`, `${root}/.link/behind`]],
      ["a logger and its service", [...scandirs, "plain", "plain/log"]],
    ];
    for (const [name, args] of cases) {
      await t.step(name, async () => {
        const told = await hexad(world, ["logs", "-t", "none", ...args]);
        assertEquals([told.code, told.stderr, wordsIn(told)], [0, "", ["one", "two"]]);
      });
    }
    await t.step("all services", async () => {
      const told = await hexad(world, ["logs", "-t", "none", ...scandirs]);
      const labels = told.stdout.trimEnd().split("\n").map((line) => line.split(" ")[0]).sort();
      assertEquals(labels, ["behind:", "behind:", "linked:", "linked:", "plain:", "plain:"]);
    });
    await t.step("a service by two names has one line of status", async () => {
      const told = await hexad(world, ["status", ...scandirs, "linked", `${root}/.real`]);
      assertEquals(told.stdout.trimEnd().split("\n").length, 2, told.stdout);
    });
    await t.step("logs -f by a path goes on after a service has come", async () => {
      await using following = start(HEXAD, [
        "logs",
        "-f",
        "-t",
        "none",
        ...scandirs,
        `${root}/linked`,
      ], { cwd: `${root}/..` });
      await following.stdout.until("two\n");
      await world.subscribers(".real", 2);
      world.tree.add({ "late/": "" }); // it looks through the scan directory again
      await Deno.writeTextFile(world.tree.path(LOGDIRS.linked, "current"), "three\n", {
        append: true,
      });
      await following.stdout.until("three\n");
      assertEquals(following.stdout.text.split("\n").map((line) => line.replace(/^.*: /, "")), [
        "one",
        "two",
        "three",
        "",
      ]);
      await world.subscribers(".real", 2); // and listens to the service as before
      following.kill("SIGTERM");
      await following.ended();
      await world.unsubscribed(".real");
    });
    await t.step("events of a service that was named by its path", async () => {
      await using watching = start(HEXAD, ["events", ...scandirs, `${root}/linked`], {
        cwd: `${root}/..`,
      });
      await world.subscribers(".real", 2);
      world.tree.add({ "later/": "" });
      await world.subscribers(".real", 2);
      await world.svc("-k", "linked");
      await watching.stdout.until(`${root}/linked`);
    });
  });
}
