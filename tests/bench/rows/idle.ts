/** Row 7: ten seconds of a tree in which nothing happens. */
import { voluntarySwitches } from "../proc.ts";
import { type Bar, type Bench, pause, type Row, type Section } from "../row.ts";
import { SupervisedTree } from "../supervised_tree.ts";

const IDLE_MS = 10_000;
const SERVICES = 1000;
const QUICK_SERVICES = 100;

/**
 * What follows the start (a status, a collection of garbage, a pool's threads that end) is over
 * after that.
 */
const SETTLE_MS = 20_000;
const QUICK_SETTLE_MS = 12_000;

/**
 * Being attached to interrupts what a thread waits in. What that sets off is not a wake-up of its
 * own: the call begun anew, perhaps on another thread of the runtime's pool, and the end of the
 * thread that has nothing to do then, which comes after ten seconds.
 */
const ATTACH_MS = 15_000;

function switchesOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + voluntarySwitches(pid), 0);
}

/**
 * How often the processes were woken in ten seconds, by the kernel's own count; nothing is attached
 * to them.
 */
async function countSwitches(tree: SupervisedTree): Promise<number> {
  const pids = tree.supervisors();
  const before = switchesOf(pids);
  await pause(IDLE_MS);
  return switchesOf(pids) - before;
}

interface SystemCalls {
  /** Lines of strace's output, each one call of one thread. */
  readonly lines: readonly string[];
}

/**
 * The system calls of all threads of a process in ten seconds, from ATTACH_MS after strace attached
 * to it.
 */
async function traceCalls(pid: number, scratch: string): Promise<SystemCalls> {
  const file = Deno.makeTempFileSync({ dir: scratch, prefix: "strace-" });
  const child = new Deno.Command("strace", {
    args: ["-f", "-ttt", "-o", file, "-p", String(pid)],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const attached = child.stderr.getReader();
  await attached.read(); // "Process N attached"
  const fromSeconds = (Date.now() + ATTACH_MS) / 1000;
  await pause(ATTACH_MS + IDLE_MS);
  child.kill("SIGINT");
  attached.releaseLock();
  await child.stderr.cancel();
  await child.status;
  const untilSeconds = fromSeconds + IDLE_MS / 1000;
  const lines = Deno.readTextFileSync(file).split("\n").filter((line) => {
    const at = Number(/^\d+ +(\d+\.\d+) /.exec(line)?.[1] ?? NaN);
    return at >= fromSeconds && at < untilSeconds;
  });
  return { lines };
}

function callsByName(lines: readonly string[]): string {
  const names = lines.map((line) => /^\d+ +\S+ (?:<\.\.\. )?(\w+)/.exec(line)?.[1] ?? "other");
  const counts = [...Map.groupBy(names, (name) => name)].map(([name, all]) =>
    `${all.length} ${name}`
  );
  return counts.length === 0 ? "none" : counts.join(", ");
}

async function measure(bench: Bench): Promise<Section> {
  const services = bench.quick ? QUICK_SERVICES : SERVICES;
  const rows: string[][] = [];
  let bars: Bar[] = [];
  for (const peer of bench.peers) {
    bench.say(`idle: ${peer.name}`);
    await using tree = await SupervisedTree.start(peer, bench.scratch, { services });
    await pause(bench.quick ? QUICK_SETTLE_MS : SETTLE_MS);
    const switches = await countSwitches(tree);
    const calls = peer.name === "hexad" ? await traceCalls(tree.pid, bench.scratch) : undefined;
    rows.push([
      peer.name,
      String(switches),
      calls === undefined ? "not traced" : callsByName(calls.lines),
    ]);
    if (calls !== undefined) {
      bars = [{
        what: `ten idle seconds of a tree of ${services} services`,
        bar: "no wake-up of our own",
        reached: `${switches} wake-ups, ${calls.lines.length} system calls`,
        met: switches === 0 && calls.lines.length === 0,
      }];
    }
  }
  return {
    title: "Ten idle seconds",
    method: [
      `${services} services run and nothing is asked of the suite. *Wake-ups* are the voluntary context switches of all threads of all processes ` +
      `but the services in ten seconds, as /proc/PID/task/*/status counts them, from ${
        (bench.quick ? QUICK_SETTLE_MS : SETTLE_MS) / 1000
      } s ` +
      `after the start. *System calls* are those that \`strace -f\` shows in ten later seconds, from ${
        ATTACH_MS / 1000
      } seconds after it attached, ` +
      "for attaching itself interrupts what a thread waits in, and a thread of the runtime's pool that has nothing to do any more ends ten seconds " +
      "after that.",
    ],
    tables: [{ head: ["suite", "wake-ups", "system calls"], rows }],
    bars,
  };
}

export const IDLE: Row = { name: "idle", measure };
