/**
 * What the processes of a service use.
 *
 * Memory is the proportional set size, in which a page shared by n processes counts as a nth for
 * each, so that sums are right. Reading it needs the rights of the process's owner; without them it
 * is the resident set size, in which shared pages count fully each time. Source: proc_pid_smaps(5),
 * proc_pid_statm(5).
 */
import { CLOCK_TICKS_PER_SECOND, type ProcessStat } from "../core/linux/process_stat.ts";
import type { Usage } from "../status/core/service_report.ts";
import { readProcFile } from "./processes.ts";

const PAGE_BYTES = 4096;
const ROLLUP_LIMIT = 4096;
const STATM_LIMIT = 256;
const decoder = new TextDecoder();

/** What the processes of one service use. @param tree At least one process */
export function usageOfTree(tree: readonly ProcessStat[]): Usage {
  const living = tree.filter(({ state }) => state !== "Z");
  const pss = living.map(({ pid }) => pssBytes(pid));
  const whole = pss.every((bytes) => bytes !== undefined);
  return {
    processes: tree.length,
    memoryKind: whole ? "pss" : "rss",
    memoryBytes: whole ? sum(pss) : sum(living.map(({ pid }) => rssBytes(pid) ?? 0)),
    cpuSeconds: sum(tree.map(({ cpuTicks }) => cpuTicks)) / CLOCK_TICKS_PER_SECOND,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** Undefined if this user may not know it. */
export function pssBytes(pid: number): number | undefined {
  const bytes = readProcFile(`/proc/${pid}/smaps_rollup`, ROLLUP_LIMIT);
  const found = bytes === undefined ? null : /^Pss:\s+([0-9]+) kB$/m.exec(decoder.decode(bytes));
  return found === null ? undefined : Number(found[1]) * 1024;
}

/** Undefined if the process has ended. */
export function rssBytes(pid: number): number | undefined {
  const bytes = readProcFile(`/proc/${pid}/statm`, STATM_LIMIT);
  const pages = bytes === undefined ? undefined : decoder.decode(bytes).split(" ")[1];
  return pages === undefined ? undefined : Number(pages) * PAGE_BYTES;
}
