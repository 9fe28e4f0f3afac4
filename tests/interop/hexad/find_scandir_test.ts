/**
 * Which scan directory `hexad` looks at if it is not told: it is run beside a PID 1, in a PID
 * namespace of its own.
 */
import { assertEquals, assertMatch } from "@std/assert";
import { type Result, run, start } from "../../fixture/command.ts";
import { eventually } from "../../fixture/deadline.ts";
import { OURS, requireToolset, THEIRS, type Toolset } from "../../fixture/toolset.ts";
import { makeTree, type Tree } from "../../fixture/tree.ts";
import { TREE_MARK } from "../../fixture/processes.ts";
import { STAYS } from "../world.ts";

requireToolset(OURS);

const HEXAD = OURS.bin("hexad");

interface Guest extends AsyncDisposable {
  /** Runs words beside that PID 1. */
  beside(...words: readonly string[]): Promise<Result>;
}

/** So that a `/run/service` of this machine is not there. */
const EMPTY_RUN = 'mount -t tmpfs tmpfs /run && exec "$@"';

/**
 * Runs the words as PID 1, with a `/proc` and a `/run` of its own, and waits until `file` is there.
 */
async function asPid1(tree: Tree, words: readonly string[], file: string): Promise<Guest> {
  if (Deno.uid() !== 0) throw new Error("this test needs root, for a PID namespace");
  const env = { [TREE_MARK]: tree.root };
  const outside = start("unshare", [
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "/bin/sh",
    "-c",
    EMPTY_RUN,
    "sh",
    ...words,
  ], {
    cwd: tree.root,
    env,
  });
  const child = await eventually("PID 1", () => {
    const children = Deno.readTextFileSync(`/proc/${outside.pid}/task/${outside.pid}/children`)
      .trim();
    return children !== "" && tree.exists(file) ? children : undefined;
  });
  return {
    beside: (...inside) =>
      run("nsenter", ["--target", child, "--pid", "--mount", ...inside], {
        env: { S6_SCANDIR: "" },
      }),
    [Symbol.asyncDispose]: async () => {
      tree.killProcesses();
      await outside[Symbol.asyncDispose]();
    },
  };
}

function scandirOf({ code, stdout, stderr }: Result): string {
  if (code > 1) throw new Error(stderr);
  return JSON.parse(stdout).scandir;
}

const CASES:
  readonly (readonly [what: string, toolset: Toolset, argument: (tree: Tree) => string])[] = [
    ["C's s6-svscan", THEIRS, (tree) => tree.path("scan")],
    ["C's s6-svscan, told a relative path", THEIRS, () => "scan"],
    ["ours", OURS, (tree) => tree.path("scan")],
    ["ours, told a relative path", OURS, () => "scan"],
  ];

for (const [what, toolset, argument] of CASES) {
  Deno.test(`the scan directory of PID 1, ${what}`, async () => {
    using tree = makeTree({
      "scan/web/run!": STAYS,
      "scan/web/log/run!": STAYS,
      "elsewhere/db/run!": STAYS,
      "scan/db=": "../elsewhere/db",
    });
    await using guest = await asPid1(
      tree,
      [toolset.bin("s6-svscan"), argument(tree)],
      "elsewhere/db/supervise/status",
    );
    assertEquals(scandirOf(await guest.beside(HEXAD, "status", "--json")), tree.path("scan"));
    await eventually(
      "all services to be up",
      async () => (await guest.beside(HEXAD, "health")).code === 0,
    );
  });
}

Deno.test("the scan directory of another user's PID 1 is in its arguments", async () => {
  using tree = makeTree({ "scan/web/run!": STAYS });
  await using guest = await asPid1(
    tree,
    [OURS.bin("s6-svscan"), tree.path("scan")],
    "scan/web/supervise/status",
  );
  const words = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", HEXAD, "status"];
  assertMatch(
    (await guest.beside(...words)).stderr,
    new RegExp(`unable to look into ${tree.path("scan")}/web/supervise: Permission denied`),
  );
});

Deno.test("-S is stronger than $S6_SCANDIR, and that is stronger than PID 1", async () => {
  using tree = makeTree({ "scan/web/run!": STAYS, "variable/": "", "option/": "" });
  await using guest = await asPid1(
    tree,
    [THEIRS.bin("s6-svscan"), tree.path("scan")],
    "scan/web/supervise/status",
  );
  const variable = `S6_SCANDIR=${tree.path("variable")}`;
  assertEquals(
    scandirOf(await guest.beside("env", variable, HEXAD, "status", "-j")),
    tree.path("variable"),
  );
  assertEquals(
    scandirOf(await guest.beside("env", variable, HEXAD, "status", "-jS", tree.path("option"))),
    tree.path("option"),
  );
});

Deno.test("without any, the message tells what was looked for and how to name one", async () => {
  using tree = makeTree({ "ready!": "#!/bin/sh\ntouch started\nexec sleep 100000\n" });
  await using guest = await asPid1(tree, [tree.path("ready")], "started");
  const { code, stderr } = await guest.beside(HEXAD, "health");
  assertEquals([code, stderr], [
    100,
    "hexad health: fatal: no scan directory: this is none, PID 1 is no s6-svscan, and there is neither /run/service nor /service; " +
    "name it with -S DIR or in $S6_SCANDIR\n",
  ]);
});
