/**
 * One child of this process, collected when SIGCHLD says that it is dead: for commands that have no
 * loop of their own. The daemons have `reaper.ts`.
 */
import { waitAny, waitPid } from "../libc/process.ts";

export class ChildWatch implements Disposable {
  readonly #pid: number;
  readonly #death = Promise.withResolvers<number>();
  #isDead = false;

  /** The child has been started already, and may be dead. */
  constructor(pid: number) {
    this.#pid = pid;
    Deno.addSignalListener("SIGCHLD", this.#look);
    this.#look(); // it may have died before the listener was there
  }

  /** Resolves to its wait status. */
  get death(): Promise<number> {
    return this.#death.promise;
  }

  /** Looks at once. Until the child is collected, its pid can't be another process's. */
  isDead(): boolean {
    this.#look();
    return this.#isDead;
  }

  readonly #look = (): void => {
    const wstat = this.#isDead ? undefined : waitPid(this.#pid);
    if (wstat === undefined) return;
    this.#isDead = true;
    this[Symbol.dispose]();
    this.#death.resolve(wstat);
  };

  /** Listens no longer. */
  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGCHLD", this.#look);
  }
}

/** Collects whatever child dies while `start` runs and from then on. */
export async function collectAllAround(start: () => Promise<void>): Promise<void> {
  const collect = (): void => {
    while (waitAny() !== undefined);
  };
  Deno.addSignalListener("SIGCHLD", collect);
  await start();
  collect(); // a child may have died before the listener was there
}
