/**
 * A disk that may hang. Before each write, a thread that may block tests whether the disk responds;
 * other writes wait meanwhile. A disk that has not answered for a second is stuck. We report that,
 * and also when it goes on.
 */

/** Longer than a merely busy disk takes. */
const PATIENCE_MS = 1000;

export interface SlowDiskWorld {
  /** Writes something small to an open directory. Resolves once that has succeeded or failed. */
  touch(dirFd: number): Promise<void>;
  /** Calls back once, after that time. */
  later(delayMs: number, onTime: () => void): Disposable;
  warn(text: string): void;
}

export class SlowDisk {
  readonly #world: SlowDiskWorld;
  readonly #name: string;
  #answer: Promise<void> | undefined;
  #isStuck = false;

  constructor(world: SlowDiskWorld, name: string) {
    this.#world = world;
    this.#name = name;
  }

  get isStuck(): boolean {
    return this.#isStuck;
  }

  /**
   * Resolves when the disk has answered. All callers share one test.
   *
   * @param dirFd Must stay open until then
   */
  answers(dirFd: number): Promise<void> {
    return this.#answer ??= this.#ask(dirFd).finally(() => this.#answer = undefined);
  }

  async #ask(dirFd: number): Promise<void> {
    using _impatience = this.#world.later(PATIENCE_MS, () => this.#stick());
    await this.#world.touch(dirFd);
    if (!this.#isStuck) return;
    this.#isStuck = false;
    this.#world.warn(`${this.#name} goes on: status and events of the services there follow now`);
  }

  #stick(): void {
    this.#isStuck = true;
    this.#world.warn(
      `${this.#name} is stuck: nothing can be written there (supervising its services; their status and events come when it goes on)`,
    );
  }
}
