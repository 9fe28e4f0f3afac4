/** Finds the processes that a dead session leader has left. Pure. */
import type { ProcessStat } from "../../core/linux/process_stat.ts";

/** Whether it is alive. A zombie is not, unless only its first thread is a zombie. */
export function isLiving({ state, threads }: Pick<ProcessStat, "state" | "threads">): boolean {
  return (state !== "Z" && state !== "X" && state !== "x") || threads > 1;
}

/** The living members of a session or process group whose leader `id` is dead and reaped. */
export function livingMembers(processes: readonly ProcessStat[], id: number): ProcessStat[] {
  // As long as a member lives, the kernel does not reuse the number. So if a process has this pid,
  // no member lives, and the number has been reused.
  if (processes.some(({ pid }) => pid === id)) return [];
  return processes.filter((process) =>
    isLiving(process) && (process.session === id || process.group === id)
  );
}
