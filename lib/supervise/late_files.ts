/**
 * What a supervisor writes in a service directory on a disk that may hang: in order, and not before
 * the disk has answered. Nobody waits for it except the callback; the supervisor reads what it
 * has written as if it were there.
 *
 * Between the answer and the writing the disk may still begin to hang. That is so short that it is
 * lived with.
 */

export interface LateFilesWorld {
  /** Resolves when the disk can be written to. */
  answers(): Promise<void>;
  /** A writing has thrown. */
  onError(error: unknown): void;
}

export class LateFiles {
  readonly #world: LateFilesWorld;
  #waiting: (() => void)[] = [];
  /** What files are going to hold; `undefined`: they are going to be removed. */
  readonly #contents = new Map<string, Uint8Array | undefined>();
  #isAsking = false;
  #onDone: (() => void) | undefined;

  constructor(world: LateFilesWorld) {
    this.#world = world;
  }

  /** Does it when the disk answers, behind all that came before. */
  later(act: () => void): void {
    this.#waiting.push(act);
    if (!this.#isAsking) void this.#work();
  }

  /** The same of something that makes the file `name` anew; `undefined`: removes it. */
  write(name: string, content: Uint8Array | undefined, act: () => void): void {
    this.#contents.set(name, content);
    this.later(act);
  }

  /** Will this file be another one? */
  isWaiting(name: string): boolean {
    return this.#contents.has(name);
  }

  /** What it will hold; `undefined`: it will not be there. */
  contentOf(name: string): Uint8Array | undefined {
    return this.#contents.get(name);
  }

  /** The names in the directory, once all is done. */
  names(found: ReadonlySet<string>): ReadonlySet<string> {
    if (this.#contents.size === 0) return found;
    const names = new Set(found);
    for (const [name, content] of this.#contents) {
      if (content === undefined) names.delete(name);
      else names.add(name);
    }
    return names;
  }

  /** Calls back when nothing waits any more; at once if nothing does. Nothing is added then. */
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
