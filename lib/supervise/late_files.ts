/**
 * Delayed writes of a supervisor to a service directory on a disk that may hang: in order, and not
 * before the disk has answered. Only the callback waits for them; the supervisor reads what it has
 * written as if it were already there.
 *
 * The disk may still begin to hang between the answer and the write. That time is so short that we
 * accept the risk.
 */

export interface LateFilesWorld {
  /** Resolves when the disk can be written to. */
  answers(): Promise<void>;
  /** A write has thrown. */
  onError(error: unknown): void;
}

export class LateFiles {
  readonly #world: LateFilesWorld;
  #waiting: (() => void)[] = [];
  /** The future contents of files; `undefined`: to be removed. */
  readonly #contents = new Map<string, Uint8Array | undefined>();
  #isAsking = false;
  #onDone: (() => void) | undefined;

  constructor(world: LateFilesWorld) {
    this.#world = world;
  }

  /** Does it when the disk answers, after everything that was added before. */
  later(act: () => void): void {
    this.#waiting.push(act);
    if (!this.#isAsking) void this.#work();
  }

  /** The same for an action that replaces the file `name`; `content` undefined: that removes it. */
  write(name: string, content: Uint8Array | undefined, act: () => void): void {
    this.#contents.set(name, content);
    this.later(act);
  }

  /** Whether a change of this file is waiting. */
  isWaiting(name: string): boolean {
    return this.#contents.has(name);
  }

  /** Its future content; `undefined`: it will not exist. */
  contentOf(name: string): Uint8Array | undefined {
    return this.#contents.get(name);
  }

  /** The names in the directory after all waiting writes. */
  names(found: ReadonlySet<string>): ReadonlySet<string> {
    if (this.#contents.size === 0) return found;
    const names = new Set(found);
    for (const [name, content] of this.#contents) {
      if (content === undefined) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  /**
   * Calls back when nothing is waiting any more, perhaps at once. Nothing may be added after this
   * call.
   */
  whenDone(onDone: () => void): void {
    if (this.#isAsking) this.#onDone = onDone;
    else onDone();
  }

  async #work(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting.length > 0) {
      await this.#world.answers();
      const acts = this.#waiting;
      this.#waiting = [];
      this.#contents.clear();
      for (const act of acts) this.#guard(act);
    }
    this.#isAsking = false;
    if (this.#onDone !== undefined) this.#guard(this.#onDone);
  }

  #guard(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#world.onError(error);
    }
  }
}
