/**
 * The other processes of this container, which have to be gone before it ends.
 *
 * Only the first process of a PID namespace may treat everything it sees as its own. In the
 * machine's namespace, in a pod with a shared one, or beside an engine's own init, only descendants
 * are: as a child subreaper, this process becomes the parent of those that lost theirs.
 */
import { descendantsOf } from "../core/linux/process_stat.ts";
import { readlink } from "../libc/file.ts";
import { getpid, hasChildren, kill } from "../libc/process.ts";
import { listProcesses } from "../procfs/processes.ts";

export interface OtherProcess {
  readonly pid: number;
  /** 0 for a process that entered this PID namespace from outside, as with `docker exec`. */
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
   * Whether /proc shows this process's own namespace. Without it, only PID 1 can end what services
   * have left behind.
   */
  get usable(): boolean {
    return this.#usable;
  }

  /**
   * Our living processes, except those of `spared` and their descendants. If /proc is not usable,
   * EVERYBODY stands for whatever there is.
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

  /** Sends a signal to each of them. @returns whether at least one got it */
  signal(processes: readonly OtherProcess[], signal: number): boolean {
    return processes.map(({ pid }) =>
      (pid > INIT || this.#self === INIT) && kill(pid, signal) === 0
    ).includes(true);
  }

  /**
   * Sends a signal to everything in the namespace in one step, if this process is its first one.
   * @returns whether that was possible
   */
  signalAll(signal: number): boolean {
    return this.#self === INIT && kill(EVERYBODY, signal) === 0;
  }
}
