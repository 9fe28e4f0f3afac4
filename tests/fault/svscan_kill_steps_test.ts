/**
 * s6-svscan killed at each system call that changes something, while it begins, while a service is
 * started, and while one is stopped. What it leaves is whole, and the next s6-svscan takes over:
 * a service that runs is adopted, and never runs twice.
 * strace kills it as it enters the call, in the one thread that supervises.
 */
import { assertEquals, assertGreaterOrEqual, assertNotMatch } from "@std/assert";
import { unpackDtally } from "../../lib/servicedir/core/dtally.ts";
import { SVSTATUS_SIZE } from "../../lib/servicedir/core/svstatus.ts";
import { unpackSvstatus } from "../../lib/servicedir/core/svstatus.ts";
import { type Background, run, start } from "../fixture/command.ts";
import { eventually } from "../fixture/deadline.ts";
import { isAlive, processesOf, TREE_MARK } from "../fixture/processes.ts";
import { startSvscan } from "../fixture/scan.ts";
import { OURS, requireToolset, THEIRS } from "../fixture/toolset.ts";
import { makeTree, type Tree } from "../fixture/tree.ts";
import { injectionRefusal } from "./injection.ts";
import { SLEEP, STACK_TRACE } from "./patient.ts";
import { testUnless } from "./refusal.ts";

const REFUSAL = injectionRefusal();

/** Long enough for a busy machine, and within the fixtures' limit. */
const WAIT_MS = "40000";

interface Step {
  readonly what: string;
  /**
   * What it is made of, as strace names it. What only reads leaves what the call before it has
   * left.
   */
  readonly calls: readonly string[];
  /** At least so many of them must be met. */
  readonly least: number;
  /** The s6-svc command that is the step; none if it is the beginning. */
  readonly command?: "-u" | "-d";
  readonly isDone: (tree: Tree) => boolean;
}

function isUp(tree: Tree): boolean {
  return tree.exists("ill/supervise/status") && isAlive(status(tree).pid);
}

function status(tree: Tree): ReturnType<typeof unpackSvstatus> {
  return unpackSvstatus(tree.bytes("ill/supervise/status"));
}

const STEPS: readonly Step[] = [
  {
    what: "while it begins",
    calls: ["mkdir", "mknodat", "pwrite64", "rename", "clone3"],
    least: 10,
    isDone: isUp,
  },
  {
    what: "while a service is started",
    calls: ["pwrite64", "rename", "clone3", "write"],
    least: 4,
    command: "-u",
    isDone: isUp,
  },
  {
    what: "while a service is stopped",
    calls: ["rename", "clone3", "write"],
    least: 8,
    command: "-d",
    isDone: (tree) => status(tree).pid === 0 && status(tree).flagready,
  },
];

function injection(call: string, when: number): readonly string[] {
  return ["-e", `trace=${call}`, "-e", `inject=${call}:signal=SIGKILL:when=${when}`];
}

/** Starts s6-svscan under strace. Its services may outlive it, so its output is a file, `said`. */
function beginUnder(tree: Tree, strace: readonly string[]): Background {
  const words = ["strace", "-o", "/dev/null", ...strace, OURS.bin("s6-svscan"), "--", tree.root];
  return start("/bin/sh", ["-c", 'exec "$@" >said 2>&1', "sh", ...words], {
    cwd: tree.root,
    env: { [TREE_MARK]: tree.root },
  });
}

/** @returns whether there was a call to be killed at */
async function killAt(step: Step, call: string, when: number): Promise<boolean> {
  const down = step.command === "-u" ? { "ill/down": "" } : {};
  using tree = makeTree({ "ill/run!": SLEEP, "ill/finish!": "#!/bin/sh\n", ...down });
  const died = step.command === undefined
    ? await diesBeginning(step, tree, injection(call, when))
    : await diesCommanded(step, tree, [call, when]);
  if (!died) return false;
  assertWhole(tree);
  await assertTakenOver(tree);
  return true;
}

async function diesBeginning(step: Step, tree: Tree, strace: readonly string[]): Promise<boolean> {
  await using svscan = beginUnder(tree, strace);
  let over = false;
  svscan.ended().then(() => over = true, () => {/* it lives, and is killed below */});
  await eventually(
    "s6-svscan to die or to have begun",
    () => over || step.isDone(tree),
  );
  if (!over) tree.killProcesses();
  return over;
}

async function diesCommanded(
  step: Step,
  tree: Tree,
  [call, when]: readonly [string, number],
): Promise<boolean> {
  await using svscan = await startSvscan(OURS, tree);
  await supervised(tree);
  if (step.command === "-d") await client(tree, "-wu", "-T", WAIT_MS, "-u");
  await using strace = start("strace", ["-p", String(svscan.pid), ...injection(call, when)]);
  await strace.stderr.until(/attached/);
  let over = false;
  svscan.ended().then(() => over = true, () => {/* it lives, and is killed below */});
  await run(THEIRS.bin("s6-svc"), [step.command!, tree.path("ill")]); // who may find nobody
  await eventually(
    `s6-svscan to die or to have obeyed; it said: ${svscan.output.text}`,
    () => over || step.isDone(tree),
  );
  strace.kill("SIGINT"); // it detaches: a kill would leave a stopped thread behind
  await strace.ended();
  return over;
}

/** Each file is there as it was before or as it was to be. */
function assertWhole(tree: Tree): void {
  if (tree.exists("ill/supervise/status")) {
    assertEquals(tree.bytes("ill/supervise/status").length, SVSTATUS_SIZE);
  }
  if (tree.exists("ill/supervise/death_tally")) {
    unpackDtally(tree.bytes("ill/supervise/death_tally"));
  }
}

/** Whether it is the service, and no supervisor and no ./finish. */
function isSleeper(pid: number): boolean {
  try {
    return Deno.readTextFileSync(`/proc/${pid}/cmdline`).startsWith("sleep\0");
  } catch {
    return false; // it has just ended
  }
}

/** Another s6-svscan finds its way; C's clients do too. */
async function assertTakenOver(tree: Tree): Promise<void> {
  await using svscan = await startSvscan(OURS, tree);
  await supervised(tree);
  await client(tree, "-wu", "-T", WAIT_MS, "-u");
  await eventually("a status of the living process", () => isUp(tree));
  const sleepers = (): number[] => processesOf(tree.root).filter(isSleeper);
  await eventually("./run to have become what it runs", () => sleepers().length > 0);
  assertEquals(sleepers(), [status(tree).pid], "started twice, or the status is another's");
  await client(tree, "-wD", "-T", WAIT_MS, "-d");
  assertEquals(status(tree).pid, 0);
  assertEquals(unpackDtally(tree.bytes("ill/supervise/death_tally")).length, 1);
  assertNotMatch(svscan.output.text, STACK_TRACE);
}

/** Waits for a supervisor who has told a status: the FIFO is there before it. */
async function supervised(tree: Tree): Promise<void> {
  await eventually(
    "a supervisor",
    async () => (await run(THEIRS.bin("s6-svok"), [tree.path("ill")])).code === 0,
  );
  await eventually("a status", () => tree.exists("ill/supervise/status"));
}

async function client(tree: Tree, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await run(THEIRS.bin("s6-svc"), [...args, tree.path("ill")]);
  assertEquals([code, stderr], [0, ""], `s6-svc ${args.join(" ")}`);
}

for (const step of STEPS) {
  testUnless(
    REFUSAL,
    `s6-svscan is killed at each call ${step.what}: what it leaves is whole, and the next one takes over, with no service twice`,
    async () => {
      requireToolset(OURS);
      requireToolset(THEIRS);
      let kills = 0;
      for (const call of step.calls) { // strace counts each call by itself
        for (let when = 1; await killAt(step, call, when); when++) kills++;
      }
      assertGreaterOrEqual(kills, step.least, "calls");
    },
  );
}
