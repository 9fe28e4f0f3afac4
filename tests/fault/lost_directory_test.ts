/**
 * Programs that start in a directory that has no name any more: it was removed, or its file system
 * was unmounted lazily.
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { type Result, run } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { logFiles } from "./log_lines.ts";
import { testUnless } from "./refusal.ts";
import { mountRefusal, SmallDisk } from "./small_disk.ts";

type Lose = "rmdir ../lost" | "umount -l ../lost";

/**
 * Runs a program in a directory of the tree that is lost just before. `first` is run there before
 * it.
 */
function runLost(
  tree: Tree,
  lose: Lose,
  words: readonly string[],
  { first = ":", stdin = "" } = {},
): Promise<Result> {
  const mount = lose === "rmdir ../lost" ? "" : `mount -t tmpfs none ${tree.path("lost")} && `;
  const script = `mkdir ${tree.path("lost")} && ${mount}cd ${
    tree.path("lost")
  } && ${lose} && ${first} && exec "$@"`;
  return run("/bin/sh", ["-c", script, "sh", ...words], { stdin });
}

interface Case {
  readonly title: string;
  readonly words: (tree: Tree) => readonly string[];
  readonly result: Result;
}

const done = (stdout: string): Result => ({ code: 0, stdout, stderr: "" });

const CASES: readonly Case[] = [
  {
    title: "a client",
    words: (tree) => [OURS.bin("s6-svok"), tree.root],
    result: { code: 1, stdout: "", stderr: "" },
  },
  {
    title: "a chain",
    words: (tree) => [OURS.bin("s6-setlock"), tree.path("lock"), "echo", "run"],
    result: done("run\n"),
  },
  {
    title: "a script of execline with a child",
    words: () => [
      OURS.bin("execlineb"),
      "-c",
      `foreground { echo one } ${OURS.bin("s6-setsid")} echo two`,
    ],
    result: done("one\ntwo\n"),
  },
  {
    title: "a chain that asks where it is",
    words: () => [OURS.bin("execlineb"), "-c", "getcwd HERE echo"],
    result: {
      code: 111,
      stdout: "",
      stderr: "getcwd: fatal: unable to getcwd: No such file or directory (-c:1:1)\n",
    },
  },
];

for (const lose of ["rmdir ../lost", "umount -l ../lost"] as const) {
  const refusal = lose === "rmdir ../lost" ? undefined : mountRefusal();
  for (const { title, words, result } of CASES) {
    testUnless(refusal, `${title} in a directory that was lost by ${lose}: it runs`, async () => {
      requireToolset(OURS);
      using tree = makeTree();
      assertEquals(await runLost(tree, lose, words(tree)), result);
    });
  }

  testUnless(
    refusal,
    `a program of a chain in a directory that was lost by ${lose}: it starts in that directory`,
    async () => {
      using tree = makeTree();
      const words = ["stat", "-L", "-c", "%d:%i", "."];
      const chain = [OURS.bin("s6-setlock"), tree.path("lock"), ...words];
      const { stdout, stderr } = await runLost(tree, lose, chain, { first: words.join(" ") });
      const [before, inside, end] = stdout.split("\n");
      assertEquals([inside, end, stderr], [before, "", ""]);
    },
  );

  testUnless(
    refusal,
    `a logger in a directory that was lost by ${lose}: the lines are stored`,
    async () => {
      using tree = makeTree({ "logs/": "" });
      const words = [OURS.bin("s6-log"), "--", tree.path("logs/lines")];
      assertEquals(await runLost(tree, lose, words, { stdin: "line\n" }), done(""));
      assertEquals(tree.text("logs/lines/current"), "line\n");
    },
  );
}

testUnless(
  mountRefusal(),
  "the scan directory's file system is unmounted lazily: services and their logger are started again",
  async () => {
    requireToolset(OURS);
    using tree = makeTree({ "disk/": "", "logs/": "" });
    const logdir = tree.path("logs/lines");
    const lines = (): number =>
      tree.exists("logs/lines") ? logFiles(logdir).join("").split("started").length - 1 : 0;
    const disk = new SmallDisk(tree.path("disk"), "size=4m");
    try {
      tree.add({
        "disk/web/run!": `#!/bin/sh\necho $$ >${
          tree.path("pid")
        }\necho started\nexec sleep 1000000\n`,
        "disk/web/log/logscript": `${logdir}\n`,
      });
    } catch (error) {
      disk[Symbol.dispose]();
      throw error;
    }
    await using svscan = await startSvscan(OURS, tree, { scandir: "disk" });
    await eventually("the first line", () => lines() === 1);
    const host = childrenOf(svscan.pid).find((pid) => pid !== Number(tree.text("pid")))!;
    disk[Symbol.dispose]();
    Deno.kill(host, "SIGKILL");
    await eventually(
      "another log host",
      () => childrenOf(svscan.pid).some((pid) => ![host, Number(tree.text("pid"))].includes(pid)),
    );
    Deno.kill(Number(tree.text("pid")), "SIGKILL");
    await eventually("the second line", () => lines() === 2);
    assertNotMatch(svscan.output.text, /^s6-|panicked/m); // the shell complains of the directory
  },
);

function childrenOf(pid: number): number[] {
  return Deno.readTextFileSync(`/proc/${pid}/task/${pid}/children`).split(" ").filter((word) =>
    word !== ""
  ).map(Number);
}
