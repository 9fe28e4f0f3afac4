/**
 * Collecting the dead: every child of this process, known or orphan, is reaped; who waits for one
 * is told.
 */
import type { Portions } from "../libc/portions.ts";
import { type Death, waitAny } from "../libc/process.ts";

/** In one go. Each may mean files to write and programs to start. */
const DEATHS_AT_ONCE = 64;
const ASK_AGAIN_MS = 1000;

export interface ReaperOptions {
  /** The next child that is dead, who is then reaped; absent: waitpid. */
  nextDeath?(): Death | undefined;
  /**
   * Hears what the owner of a dead process has thrown; the other owners are still told. Absent:
   * `reap` throws it.
   */
  onMishap?(error: unknown): void;
}

export class Reaper {
  readonly #portions: Portions;
  readonly #nextDeath: () => Death | undefined;
  readonly #onMishap: ((error: unknown) => void) | undefined;
  readonly #owners = new Map<number, (wstat: number) => void>();
  /** Called after dead children have been reaped and those who waited for them have been told. */
  afterDeaths: (() => void) | undefined;

  /** @param portions Takes what is left of a storm of deaths. */
  constructor(portions: Portions, { nextDeath = waitAny, onMishap }: ReaperOptions = {}) {
    this.#portions = portions;
    this.#nextDeath = nextDeath;
    this.#onMishap = onMishap;
  }

  /** Calls `onDeath` with the raw wait status when the child `pid` has died. */
  own(pid: number, onDeath: (wstat: number) => void): void {
    this.#owners.set(pid, onDeath);
  }

  /** Reaps whatever is dead now, a storm of deaths in portions. To be called at each SIGCHLD. */
  reap(): void {
    this.#portions.begin(this, () => this.#reapSome());
  }

  #reapSome(): boolean {
    let count = 0;
    for (; count < DEATHS_AT_ONCE; count++) {
      const dead = this.#next();
      if (dead === undefined) break;
      const onDeath = this.#owners.get(dead.pid);
      this.#owners.delete(dead.pid);
      if (onDeath !== undefined) this.#tell(() => onDeath(dead.wstat));
    }
    if (count > 0) this.#tell(() => this.afterDeaths?.());
    return count === DEATHS_AT_ONCE;
  }

  /**
   * After what nobody expected it is asked again, though no other child may die: one may be dead
   * already.
   */
  #next(): Death | undefined {
    try {
      return this.#nextDeath();
    } catch (error) {
      if (this.#onMishap === undefined) throw error;
      setTimeout(() => this.reap(), ASK_AGAIN_MS);
      this.#onMishap(error);
      return undefined;
    }
  }

  #tell(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      if (this.#onMishap === undefined) throw error;
      this.#onMishap(error);
    }
  }
}
