/**
 * The processes of this container that are not this one: what has to be gone before it ends.
 *
 * Only the first process of a PID namespace may take everything it sees for its own. Elsewhere,
 * with the machine's namespace, in a pod with a shared one, or beside an engine's own init, only
 * descendants are: as a child subreaper this process is the parent of those that lost theirs.
 */
import { descendantsOf } from "../core/linux/process_stat.ts";
import { readlink } from "../libc/file.ts";
import { getpid, hasChildren, kill } from "../libc/process.ts";
import { listProcesses } from "../procfs/processes.ts";

export interface OtherProcess {
  readonly pid: number;
  /** 0 for what was put into this PID namespace from outside, as `docker exec` does. */
  readonly ppid: number;
}

const INIT = 1;
const EVERYBODY = -1;
/** States of a process that only waits for its parent to notice its death. */
const DEAD = new Set(["Z", "X"]);

export class OtherProcesses {
  readonly #self = getpid();
  readonly #usable = readlink("/proc/self") === String(this.#self);

  /**
   * Whether /proc shows this process's own namespace. Without that only PID 1 can end what services
   * have left behind.
   */
  get usable(): boolean {
    return this.#usable;
  }

  /**
   * The living processes that are ours, without those of `spared` and their descendants. Where
   * /proc can't tell, EVERYBODY stands for any that there are.
   */
  others(spared: readonly number[]): readonly OtherProcess[] {
    if (!this.#usable) return hasChildren() ? [{ pid: EVERYBODY, ppid: this.#self }] : [];
    const all = listProcesses();
    const ours = this.#self === INIT ? undefined : descendantsOf(all, this.#self);
    const left = new Set(spared.flatMap((pid) => [pid, ...descendantsOf(all, pid)]));
    return all.filter(({ pid, state, kernel }) => {
      if (pid === this.#self || kernel || DEAD.has(state)) return false;
      return (ours === undefined || ours.has(pid)) && !left.has(pid);
    });
  }

  /** Sends a signal to each of them. @returns whether any of them got it */
  signal(processes: readonly OtherProcess[], signal: number): boolean {
    return processes.map(({ pid }) =>
      (pid > INIT || this.#self === INIT) && kill(pid, signal) === 0
    ).includes(true);
  }

  /**
   * Sends a signal to everything in the namespace in one step, if this process is its first one.
   * @returns whether that could be done
   */
  signalAll(signal: number): boolean {
    return this.#self === INIT && kill(EVERYBODY, signal) === 0;
  }
}
