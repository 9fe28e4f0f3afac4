/**
 * Who lives in a session or process group, as /proc tells it. Looking there takes some microseconds
 * for each process of the machine, so all who ask during one event share a look: a thousand
 * services that end at once are one.
 */
import { livingMembers } from "./core/leftovers.ts";
import type { ProcessStat } from "../core/linux/process_stat.ts";
import { readlink } from "../libc/file.ts";
import { getpid } from "../libc/process.ts";
import { listProcesses } from "../procfs/processes.ts";

/** The processes, or `undefined`: /proc does not tell. Must not throw. */
type MembersListener = (members: readonly ProcessStat[] | undefined) => void;

/** Is /proc there, and of our PID namespace? If not, its numbers are not ours. */
function isProcOurs(): boolean {
  return readlink("/proc/self") === String(getpid());
}

export class ProcessTable {
  #waiting: { readonly id: number; readonly onMembers: MembersListener }[] = [];

  /**
   * Tells, when the current event has been dealt with, who lives in the session or the process
   * group `id`.
   *
   * @param id the pid of its leader, who is dead and reaped
   */
  findMembers(id: number, onMembers: MembersListener): void {
    this.#waiting.push({ id, onMembers });
    if (this.#waiting.length === 1) queueMicrotask(() => this.#look());
  }

  #look(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    let processes: readonly ProcessStat[] | undefined;
    try {
      if (isProcOurs()) processes = listProcesses();
    } finally { // whatever was thrown: those who wait get an answer
      for (const { id, onMembers } of waiting) {
        onMembers(processes === undefined ? undefined : livingMembers(processes, id));
      }
    }
  }
}
