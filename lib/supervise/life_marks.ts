/** What one supervisor knows of its process that tells it from all others. */
import type { LifeMark } from "../servicedir/core/life_record.ts";
import { bootUs } from "../libc/clock.ts";
import { tryFstat } from "../libc/stat.ts";
import type { Program } from "./core/spawn_intent.ts";
import type { LifeKeeper } from "./life_keeper.ts";

export class LifeMarks {
  readonly #keeper: LifeKeeper;
  /** Device and inode of the service directory. */
  readonly #devino: string;
  #mark: LifeMark | undefined;

  constructor(keeper: LifeKeeper, devino: string) {
    this.#keeper = keeper;
    this.#devino = devino;
    this.forget();
  }

  get mark(): LifeMark | undefined {
    return this.#mark;
  }

  /** No process of its own runs. */
  forget(): void {
    const { world } = this.#keeper;
    this.#mark = world === undefined ? undefined : { world };
  }

  /** The process is one that an earlier supervisor has started. */
  adopt(mark: LifeMark): void {
    this.#mark = mark;
  }

  /**
   * Starts a program. @param start Returns a pid, or `-errno` @param notification The pipe on which
   * it is to report, as we hold it, and its number in the service
   */
  start(
    program: Program,
    start: () => number,
    notification?: { readonly readFd: number; readonly fd: number },
  ): number {
    const fromUs = this.#keeper.aboutToStart(this.#devino, program);
    const result = start();
    const { world } = this.#keeper;
    if (result < 0 || world === undefined) return result;
    const record = notification === undefined ? undefined : tryFstat(notification.readFd);
    this.#mark = {
      world,
      started: { fromUs, toUs: bootUs() },
      ...(notification === undefined || typeof record !== "object"
        ? {}
        : { notification: { inode: record.ino, fd: notification.fd } }),
    };
    return result;
  }
}
