/** Collecting the dead: every child of this process, known or orphan, is reaped; who waits for one is told. */
import { waitAny } from "../libc/process.ts";

export class Reaper {
  readonly #owners = new Map<number, (wstat: number) => void>();
  /** Called after dead children have been reaped and those who waited for them have been told. */
  afterDeaths: (() => void) | undefined;

  /** Calls `onDeath` with the raw wait status when the child `pid` has died. */
  own(pid: number, onDeath: (wstat: number) => void): void {
    this.#owners.set(pid, onDeath);
  }

  /** Reaps whatever is dead now. To be called at each SIGCHLD. */
  reap(): void {
    let any = false;
    for (let dead = waitAny(); dead !== undefined; dead = waitAny()) {
      any = true;
      const onDeath = this.#owners.get(dead.pid);
      this.#owners.delete(dead.pid);
      onDeath?.(dead.wstat);
    }
    if (any) this.afterDeaths?.();
  }
}
