/** Who of all processes belongs to what a dead leader of a session has left. Pure. */
import type { ProcessStat } from "../../core/linux/process_stat.ts";

/** Does it live? A zombie does not, unless only its first thread is one. */
export function isLiving({ state, threads }: Pick<ProcessStat, "state" | "threads">): boolean {
  return (state !== "Z" && state !== "X" && state !== "x") || threads > 1;
}

/** Those who live in a session or process group whose leader was `id` and is dead and reaped. */
export function livingMembers(processes: readonly ProcessStat[], id: number): ProcessStat[] {
  // As long as one of its members lives the kernel gives the number to nobody else. So if a process
  // has it, none lives: the number is in new hands.
  if (processes.some(({ pid }) => pid === id)) return [];
  return processes.filter((process) =>
    isLiving(process) && (process.session === id || process.group === id)
  );
}
