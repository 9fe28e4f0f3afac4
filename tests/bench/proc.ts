/**
 * What /proc tells about running processes. A process that ends while it is looked at counts as
 * absent.
 */

export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly comm: string;
}

function readProc(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(`/proc/${path}`);
  } catch {
    return undefined; // it has ended: ENOENT or, when it ends between open and read, ESRCH
  }
}

function parseStat(text: string): ProcessEntry {
  // the name is in parentheses and may itself have parentheses and blanks
  const nameEnd = text.lastIndexOf(")");
  const [, ppid] = text.slice(nameEnd + 2).split(" ");
  const nameStart = text.indexOf("(");
  return {
    pid: Number(text.slice(0, nameStart)),
    ppid: Number(ppid),
    comm: text.slice(nameStart + 1, nameEnd),
  };
}

export function processes(): ProcessEntry[] {
  const texts = [...Deno.readDirSync("/proc")].filter(({ name }) => /^\d+$/.test(name)).map((
    { name },
  ) => readProc(`${name}/stat`));
  return texts.filter((text) => text !== undefined).map(parseStat);
}

/** The process `root`, if it lives, and all that descend from it. */
export function treeOf(root: number): ProcessEntry[] {
  const all = processes();
  const children = Map.groupBy(all, ({ ppid }) => ppid);
  const tree = all.filter(({ pid }) => pid === root);
  for (const member of tree) tree.push(...children.get(member.pid) ?? []);
  return tree;
}

/** The proportional set size: private pages, and of each shared page the share of one process. */
export function pssKib(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readProc(`${pid}/smaps_rollup`) ?? "")?.[1] ?? 0);
}

/** Pages of its own, without those of its program's file, in bytes. */
export function ownBytes(pid: number): number {
  const kib = /^Anonymous:\s+(\d+)/m.exec(readProc(`${pid}/smaps_rollup`) ?? "")?.[1] ?? 0;
  return Number(kib) * 1024;
}

/** The most that was resident of a process since it became the program that it is, in bytes. */
export function peakBytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readProc(`${pid}/status`) ?? "")?.[1] ?? 0) * 1024;
}

/** Clock ticks of /proc/PID/stat in a second, on every Linux. */
const TICKS = 100;

/**
 * User and system time of a process in seconds: of one thread to the nanosecond, of several in
 * hundredths, those that have ended included.
 */
export function cpuSeconds(pid: number): number {
  if (threadsOf(pid).length === 1) {
    return Number(readProc(`${pid}/schedstat`)?.split(" ")[0] ?? 0) / 1e9;
  }
  const stat = readProc(`${pid}/stat`) ?? "";
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / TICKS;
}

/**
 * How often the threads of a process went to sleep of their own accord; each time something had
 * woken them.
 */
export function voluntarySwitches(pid: number): number {
  let sum = 0;
  for (const thread of threadsOf(pid)) {
    sum += Number(
      /^voluntary_ctxt_switches:\s+(\d+)/m.exec(readProc(`${pid}/task/${thread}/status`) ?? "")
        ?.[1] ?? 0,
    );
  }
  return sum;
}

function threadsOf(pid: number): string[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].map(({ name }) => name);
  } catch {
    return [];
  }
}

export function openDescriptors(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}

/** The directory a process is in. */
export function directoryOf(pid: number): string | undefined {
  try {
    return Deno.readLinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}
