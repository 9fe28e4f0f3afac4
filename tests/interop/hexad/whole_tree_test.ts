/**
 * hexad's words for a whole tree, and how it is told which: --all, rescan, shutdown, -S before the
 * command, the directory in which one stands.
 */
import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { OWN_COMMANDS } from "../../../cmd/hexad/commands.ts";
import { type Result, run } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset } from "../../fixture/toolset.ts";
import { makeTree } from "../../fixture/tree.ts";
import { OURS_OURS, THEIRS_OURS } from "../pairing.ts";
import { openWorld, STAYS, type World } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

function hexad(world: World, ...args: string[]): Promise<Result> {
  return run(HEXAD, ["-S", world.tree.root, ...args]);
}

for (const pairing of [OURS_OURS, THEIRS_OURS]) {
  Deno.test(`${pairing.name}: restart --all restarts what runs, and leaves loggers and what was stopped alone`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, {
      "web/run!": STAYS,
      "web/log/run!": STAYS,
      "db/run!": STAYS,
      "off/run!": STAYS,
      "off/down": "",
    });
    const pids = (): Promise<string[]> =>
      Promise.all(["web", "web/log", "db", "off"].map((name) => world.field(name, "pid")));
    await eventually(
      "all to be up",
      async () => (await pids()).filter((pid) => pid !== "-1").length === 3,
    );
    const before = await pids();
    const { code, stdout, stderr } = await hexad(world, "restart", "--all", "--wait");
    assertEquals([code, stderr], [0, ""]);
    const after = await pids();
    assertEquals(stdout.split("\n").sort(), [
      "",
      `db: up, pid ${after[2]}`,
      `web: up, pid ${after[0]}`,
    ]);
    assertNotEquals(after[0], before[0]);
    assertNotEquals(after[2], before[2]);
    assertEquals([after[1], after[3]], [before[1], before[3]]);
    const started = await hexad(world, "start", "-aw");
    assertMatch(started.stdout, /^off: up, pid \d+$/m);
    const both = await hexad(world, "restart", "--all", "web");
    assertEquals([both.code, both.stderr.split("\n")[0]], [
      100,
      "hexad restart: fatal: --all, or names of services: not both",
    ]);
  });

  Deno.test(`${pairing.name}: rescan takes in what is new and stops what is gone; shutdown --wait ends it all`, async () => {
    requireToolset(pairing.daemon);
    await using world = await openWorld(pairing, { "web/run!": STAYS, ".later/run!": STAYS });
    const { root } = world.tree;
    const isUp = async (name: string): Promise<boolean> =>
      (await run(OURS.bin("s6-svstat"), ["-u", `${root}/${name}`])).stdout === "true\n";
    Deno.renameSync(`${root}/.later`, `${root}/later`);
    assertEquals(await hexad(world, "rescan"), {
      code: 0,
      stdout: `${root}: told to scan\n`,
      stderr: "",
    });
    await eventually("the new service to be up", () => isUp("later"));
    Deno.renameSync(`${root}/later`, `${root}/.later`);
    await hexad(world, "rescan", "--keep");
    Deno.writeTextFileSync(`${root}/web/down`, "");
    await hexad(world, "rescan");
    await eventually("the service that is gone to be down", async () => !(await isUp(".later")));
    assertEquals(await isUp("web"), true);
    assertEquals(await hexad(world, "shutdown", "--wait"), {
      code: 0,
      stdout: `${root}: shut down\n`,
      stderr: "",
    });
    for (const word of ["rescan", "shutdown"]) {
      assertEquals(await hexad(world, word), {
        code: 102,
        stdout: "",
        stderr:
          `hexad ${word}: fatal: no s6-svscan runs in ${root}; start one with: s6-svscan ${root}\n`,
      });
    }
  });
}

Deno.test("the scan directory in which one stands is found, also below it and through a link", async () => {
  using elsewhere = makeTree({ "linked/run!": STAYS, "linked/data/": "" });
  await using world = await openWorld(OURS_OURS, {
    "web/run!": STAYS,
    "web/data/deep/": "",
    "linked=": elsewhere.path("linked"),
  });
  const { root } = world.tree;
  const from = async (cwd: string, env: Readonly<Record<string, string>> = {}): Promise<string> => {
    const { stdout } = await run(HEXAD, ["status", "--json"], {
      cwd,
      env: { S6_SCANDIR: "", PWD: cwd, ...env },
    });
    return JSON.parse(stdout).scandir;
  };
  assertEquals(await from(root), root);
  assertEquals(await from(`${root}/web`), root);
  assertEquals(await from(`${root}/web/data/deep`, { PWD: "/nonexistent" }), root);
  assertEquals(await from(`${root}/linked/data`), root);
  assertEquals(await from(root, { S6_SCANDIR: elsewhere.root }), elsewhere.root);
});

Deno.test("a tree that another user has planted above is not taken for the one that is meant", async () => {
  if (Deno.uid() !== 0) throw new Error("this test needs root, to be another user");
  using tree = makeTree({
    "shared/.s6-svscan/control": "",
    "shared/mine/web/run!": STAYS,
  });
  Deno.chmodSync(tree.path("shared"), 0o1777);
  Deno.chownSync(tree.path("shared/.s6-svscan"), 12345, 12345);
  const { stdout } = await run(HEXAD, ["status", "--json"], {
    cwd: tree.path("shared/mine"),
    env: { S6_SCANDIR: "", PWD: "" },
  });
  assertEquals(JSON.parse(stdout).scandir, tree.path("shared/mine"));
});

Deno.test("-S before the command: refused where the command looks at no scan directory", async () => {
  using tree = makeTree({ "web/run!": STAYS });
  const told = async (...words: string[]): Promise<(string | number)[]> => {
    const { code, stderr } = await run(HEXAD, words);
    return [code, stderr.split("\n")[0]!];
  };
  assertEquals(await told("-S", tree.root, "new", "web"), [
    100,
    "hexad: fatal: hexad new looks at no scan directory: leave out -S",
  ]);
  assertEquals(await told("-S", tree.root, "s6-svstat", "web"), [
    100,
    "hexad: fatal: s6-svstat is told by its own arguments where to look: leave out -S",
  ]);
  assertEquals(await told("-S"), [100, "hexad: fatal: option needs a value: --scandir DIR"]);
  assertEquals(await told("-S", tree.root, "statsu"), [
    127,
    "hexad: fatal: no command statsu; did you mean status?",
  ]);
  assertEquals(await told(`-S${tree.root}`, "-S", "/nonexistent", "status"), [
    100,
    "hexad status: fatal: there is no scan directory /nonexistent (-S)",
  ]);
});

Deno.test("-h is --help, for hexad and for each of its own commands", async () => {
  for (const words of [[], ...["status", "new", "import", "shutdown"].map((name) => [name])]) {
    const [short, long] = await Promise.all(
      ["-h", "--help"].map((word) => run(HEXAD, [...words, word])),
    );
    assertEquals(short, long);
    assertEquals([long!.code, long!.stderr], [0, ""]);
    assertMatch(long!.stdout, /-h, --help/);
  }
  for (const [name, { load }] of Object.entries(OWN_COMMANDS)) {
    const { table } = await load();
    assertEquals(table.options.filter(({ short }) => short === "h"), [], name);
  }
});

Deno.test("an unknown command is told at most three that may be meant", async () => {
  const { code, stderr } = await run(HEXAD, ["s6-sv"]);
  assertEquals(code, 127);
  const suggested = /^hexad: fatal: no command s6-sv; did you mean (.*)\?\n$/.exec(stderr)?.[1]!;
  assertEquals(suggested.split(" or ").length, 3);
  assertEquals(
    (await run(HEXAD, ["xylophone"])).stderr,
    "hexad: fatal: no command xylophone; hexad --help shows hexad's own, hexad --list those of s6\n",
  );
});
