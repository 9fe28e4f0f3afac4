/**
 * s6-svscan is killed while services write to their loggers; another one finds the pipes again: each
 * line is there once, and the restart of either side loses none.
 */
import { assertEquals, assertNotMatch } from "@std/assert";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { run, signalProcess } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive } from "../fixture/processes.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../fixture/toolset.ts";
import { makeTree, type Tree, type TreeSpec } from "../fixture/tree.ts";
import { STACK_TRACE } from "./patient.ts";

/**
 * Writes numbered lines until a file tells it to stop; the last is `end`. Its next life goes on with
 * the next number. SIGTERM waits until a line is whole.
 */
const COUNTING = `#!/bin/sh
trap 'echo $n >at; exit 0' TERM
n=0
test ! -e at || read n <at
until [ -e ../stop ]; do n=$((n+1)); echo line $n; sleep 0.002; done
echo end
trap - TERM
exec sleep 1000000
`;

const BY_PROCESS: TreeSpec = {
  "scan/web/run!": COUNTING,
  "scan/web/log/run!": `#!/bin/sh\nexec ${THEIRS.bin("s6-log")} 1 >>../lines\n`,
};
const BY_HOST: TreeSpec = {
  "scan/web/run!": COUNTING,
  "scan/web/log/logscript": "n9 ../written\n",
};

/** All that has been logged. */
function logged(tree: Tree): string {
  const { path } = tree;
  if (tree.exists("scan/web/lines")) return Deno.readTextFileSync(path("scan/web/lines"));
  const current = "scan/web/written/current";
  return tree.exists(current) ? Deno.readTextFileSync(path(current)) : "";
}

function pidOf(tree: Tree, service: string): number {
  const path = `scan/${service}/supervise/status`;
  return tree.exists(path) ? unpackSvstatus(tree.bytes(path)).pid : 0;
}

interface Case {
  readonly what: string;
  readonly spec: TreeSpec;
  /** What is restarted once the other s6-svscan is there. */
  readonly restarted: "web" | "web/log" | undefined;
}

const CASES: readonly Case[] = ([["a process", BY_PROCESS], ["a log host", BY_HOST]] as const)
  .flatMap(([what, spec]) => [
    { what, spec, restarted: undefined },
    { what: `${what}, and is restarted itself`, spec, restarted: "web" as const },
    { what: `${what} that is restarted`, spec, restarted: "web/log" as const },
  ]);

for (const { what, spec, restarted } of CASES) {
  Deno.test(`s6-svscan is killed: a service loses no line to its logger, ${what}`, async () => {
    requireToolset(OURS);
    requireToolset(THEIRS);
    using tree = makeTree(spec);
    const options = { scandir: "scan", redirect: ">>said 2>&1" };
    const first = await startSvscan(OURS, tree, options);
    await eventually("lines", () => logged(tree).length > 100);
    const web = pidOf(tree, "web");
    Deno.kill(first.pid, "SIGKILL");
    await first.ended();
    const length = logged(tree).length;
    await eventually("lines without s6-svscan", () => logged(tree).length > length);

    await using second = await startSvscan(OURS, tree, options);
    await eventually(
      "a supervisor of the logger",
      async () => (await run(THEIRS.bin("s6-svok"), [tree.path("scan/web/log")])).code === 0,
    );
    assertEquals(pidOf(tree, "web"), web);
    if (restarted !== undefined) await restart(tree, restarted);
    tree.add({ "scan/stop": "" });
    await eventually(`the last line; ${tree.text("said")}`, () => logged(tree).endsWith("end\n"));
    const lines = logged(tree).split("\n").slice(0, -2);
    assertEquals(lines, lines.map((_, i) => `line ${i + 1}`));
    if (restarted !== "web") assertEquals(pidOf(tree, "web"), web);
    assertNotMatch(tree.text("said"), STACK_TRACE);
    assertEquals(await second.stop(), 0);
  });
}

/** A log of a log host has the host's pid, and is told by a command. */
async function restart(tree: Tree, service: string): Promise<void> {
  const before = pidOf(tree, service);
  if (service === "web/log" && !tree.exists("scan/web/log/run")) {
    const { code } = await run(OURS.bin("s6-svc"), [
      "-wr",
      "-T",
      "40000",
      "-r",
      tree.path("scan", service),
    ]);
    return assertEquals(code, 0);
  }
  signalProcess(before, "SIGTERM");
  await eventually(`another life of ${service}`, () => {
    const now = pidOf(tree, service);
    return now !== before && isAlive(now);
  });
}
