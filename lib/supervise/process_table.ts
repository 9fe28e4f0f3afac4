/**
 * The living members of sessions and process groups, from /proc. A look takes a few microseconds
 * for each process of the machine, so all callers during one event share it: for a thousand
 * services that end at once, one look is enough.
 */
import { livingMembers } from "./core/leftovers.ts";
import type { ProcessStat } from "../core/linux/process_stat.ts";
import { readlink } from "../libc/file.ts";
import { getpid } from "../libc/process.ts";
import { listProcesses } from "../procfs/processes.ts";

/** Receives the processes, or `undefined` if /proc is not usable. Must not throw. */
type MembersListener = (members: readonly ProcessStat[] | undefined) => void;

/** Whether /proc exists and belongs to our PID namespace. Otherwise its numbers are not ours. */
function isProcOurs(): boolean {
  return readlink("/proc/self") === String(getpid());
}

export class ProcessTable {
  #waiting: { readonly id: number; readonly onMembers: MembersListener }[] = [];

  /**
   * After the current event, reports the living members of the session and the process group `id`.
   *
   * @param id The pid of its leader, which is dead and reaped
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
    } finally { // whatever was thrown, the callers get an answer
      for (const { id, onMembers } of waiting) {
        onMembers(processes === undefined ? undefined : livingMembers(processes, id));
      }
    }
  }
}
