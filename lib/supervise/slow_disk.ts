/**
 * A disk that may hang. Before something is written there it is asked whether it can be, on a
 * thread that may wait; who wants to write meanwhile waits with it. One that has not answered for a
 * second is stuck: that is told, and told again when it goes on.
 */

/** Longer than any disk that is only busy. */
const PATIENCE_MS = 1000;

export interface SlowDiskWorld {
  /** Writes a trifle in an open directory. Resolves once that is done, or refused. */
  touch(dirFd: number): Promise<void>;
  /** Calls once, later. */
  later(delayMs: number, onTime: () => void): Disposable;
  warn(text: string): void;
}

export class SlowDisk {
  readonly #world: SlowDiskWorld;
  /** What it is called. */
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
   * Resolves when the disk has answered. All who wait for it have one question under way.
   *
   * @param dirFd open until then
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
