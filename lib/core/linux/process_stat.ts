/**
 * `/proc/PID/stat`: one line about a process. Its second field is a name in parentheses that may
 * hold anything, parentheses and blanks too. Source: proc_pid_stat(5). Pure.
 */

/** Ticks of the fields that count processor time: always 100 for user space on x86-64. */
export const CLOCK_TICKS_PER_SECOND = 100;

/** Of the flags, which are a word of the kernel's own. Source: linux/sched.h. */
const PF_KTHREAD = 0x00200000;

export interface ProcessStat {
  readonly pid: number;
  /** R running, S and D asleep, T stopped, Z dead and not reaped, and so on. */
  readonly state: string;
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  /** A dead one that is not reaped has one. */
  readonly threads: number;
  /** A thread of the kernel, which no signal reaches. */
  readonly kernel: boolean;
  /** Its own and that of the children that it has reaped, user and system. */
  readonly cpuTicks: number;
  /** Its own alone. */
  readonly ownTicks: number;
  /** Ticks since the machine was started; with the pid it names a process for good. */
  readonly startTicks: number;
}

/** Undefined if the text is no such line. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf("(");
  const close = text.lastIndexOf(")");
  if (open < 0 || close < open) return undefined;
  const fields = text.slice(close + 2).trimEnd().split(" ");
  const pid = Number(text.slice(0, open));
  // places are those of proc(5), the state's is 3
  const number = (place: number): number => Number(fields[place - 3]);
  const ownTicks = number(14) + number(15);
  const cpuTicks = ownTicks + number(16) + number(17);
  const kernel = (number(9) & PF_KTHREAD) !== 0;
  const belongs = { ppid: number(4), group: number(5), session: number(6), threads: number(20) };
  const ticks = { cpuTicks, ownTicks, startTicks: number(22) };
  const stat = { pid, state: fields[0]!, ...belongs, kernel, ...ticks };
  return Object.values(stat).some((value) => Number.isNaN(value)) ? undefined : stat;
}

/**
 * The processes that belong to each of `roots`: the root, whatever is in its session, and all their
 * descendants.
 *
 * A supervisor starts each service as the leader of a session, so that what has lost its parent
 * still belongs to it; what has made a session of its own and lost its parent does not. A process
 * belongs to the nearest root above it.
 */
export function processTrees(
  processes: readonly ProcessStat[],
  roots: ReadonlySet<number>,
): Map<number, ProcessStat[]> {
  const byPid = new Map(processes.map((process) => [process.pid, process]));
  const rootOf = new Map<number, number | undefined>();
  const find = (pid: number): number | undefined => {
    const path: number[] = [];
    let found: number | undefined;
    for (let at = pid;;) {
      if (rootOf.has(at)) {
        found = rootOf.get(at);
        break;
      }
      const process = byPid.get(at);
      if (process === undefined) break;
      path.push(at);
      rootOf.set(at, undefined); // a circle, which a changing /proc can show, ends here
      const own = roots.has(at) ? at : roots.has(process.session) ? process.session : undefined;
      if (own !== undefined) {
        found = own;
        break;
      }
      at = process.ppid;
    }
    for (const step of path) rootOf.set(step, found);
    return found;
  };
  const trees = new Map<number, ProcessStat[]>([...roots].map((root) => [root, []]));
  for (const process of processes) {
    const root = find(process.pid);
    if (root !== undefined) trees.get(root)!.push(process);
  }
  return trees;
}

/** The descendants of `root`, without itself. */
export function descendantsOf(
  processes: readonly Pick<ProcessStat, "pid" | "ppid">[],
  root: number,
): ReadonlySet<number> {
  const children = Map.groupBy(processes, ({ ppid }) => ppid);
  const found = new Set<number>();
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (found.has(child.pid)) continue;
      found.add(child.pid);
      waiting.push(child.pid);
    }
  }
  return found;
}
