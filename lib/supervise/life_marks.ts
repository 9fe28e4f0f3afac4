/** What one supervisor knows of its process that tells it from all others. */
import type { LifeMark } from "../servicedir/core/life_record.ts";
import { bootUs } from "../libc/clock.ts";
import { isFifo, tryFstat } from "../libc/stat.ts";
import type { Program } from "./core/spawn_intent.ts";
import type { LifeKeeper } from "./life_keeper.ts";

export interface ChildPipes {
  /** That on which it is to report, as we hold it, and its number in the child. */
  readonly notification?: { readonly readFd: number; readonly fd: number } | undefined;
  /** Our end of that to its logger, or from its producer. */
  readonly pipeFd?: number | undefined;
}

/** Of a pipe; undefined if it is none. */
function inodeOf(fd: number | undefined): bigint | undefined {
  const record = fd === undefined ? -1 : tryFstat(fd);
  return typeof record !== "number" && isFifo(record.mode) ? record.ino : undefined;
}

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
   * Starts a program, and notes what tells its process. @param start Returns a pid, or `-errno`
   */
  start(
    program: Program,
    start: () => number,
    { notification, pipeFd }: ChildPipes,
  ): number {
    const fromUs = this.#keeper.aboutToStart(this.#devino, program);
    const result = start();
    const { world } = this.#keeper;
    if (result < 0 || world === undefined) return result;
    const reports = inodeOf(notification?.readFd);
    const pipe = inodeOf(pipeFd);
    this.#mark = {
      world,
      started: { fromUs, toUs: bootUs() },
      ...(notification === undefined || reports === undefined
        ? {}
        : { notification: { inode: reports, fd: notification.fd } }),
      ...(pipe === undefined ? {} : { pipe }),
    };
    return result;
  }
}
