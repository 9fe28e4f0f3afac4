/** What one supervisor knows of its process that tells it from all others. */
import { type LifeMark, type LifeStage, packLifeRecord } from "../servicedir/core/life_record.ts";
import { LOCK_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { SyscallError } from "../libc/bind.ts";
import { pwrite } from "../libc/fd.ts";
import { bootUs } from "../libc/clock.ts";
import { isFifo, tryFstat } from "../libc/stat.ts";
import type { Program } from "./core/spawn_intent.ts";
import type { LifeKeeper } from "./life_keeper.ts";
import { isOwnRecord } from "../servicedir/own_record.ts";

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

/** Where a supervisor records it. */
export interface RecordPlaces {
  /** Device and inode of the service directory. */
  readonly devino: string;
  /** Of its lock file. */
  readonly lockFd: number;
}

export class LifeMarks {
  readonly #keeper: LifeKeeper;
  readonly #places: RecordPlaces;
  #mark: LifeMark | undefined;
  readonly #isOurs: boolean;
  #failed = false;

  constructor(keeper: LifeKeeper, places: RecordPlaces) {
    this.#keeper = keeper;
    this.#places = places;
    this.#isOurs = keeper.world !== undefined && isOwnRecord(places.lockFd);
    this.forget();
  }

  get mark(): LifeMark | undefined {
    return this.#mark;
  }

  /** No process of its own runs. */
  forget(): void {
    const { world } = this.#keeper;
    this.#mark = world && { world, directory: this.#places.devino };
  }

  /** The process is one that an earlier supervisor has started. */
  adopt(mark: LifeMark): void {
    this.#mark = mark;
  }

  /** Writes the record. What can't be written is told once. */
  record(status: Svstatus, stage: LifeStage, warn: (text: string) => void): void {
    if (this.#mark === undefined || !this.#isOurs) return;
    const bytes = packLifeRecord(status, { ...this.#mark, ...stage });
    const result = pwrite(this.#places.lockFd, bytes, 0);
    const told = this.#failed;
    this.#failed = result < 0;
    if (result >= 0 || told) return;
    const { message } = new SyscallError(`write ${LOCK_FILENAME}`, -result);
    warn(`${message} (if we are killed, the service may be started twice)`);
  }

  /**
   * Starts a program, and notes what tells its process. @param start Returns a pid, or `-errno`
   */
  start(
    program: Program,
    start: () => number,
    { notification, pipeFd }: ChildPipes,
  ): number {
    const fromUs = this.#keeper.aboutToStart(this.#places.devino, program);
    const result = start();
    const { world } = this.#keeper;
    if (result < 0 || world === undefined) return result;
    const reports = inodeOf(notification?.readFd);
    const pipe = inodeOf(pipeFd);
    this.#mark = {
      world,
      directory: this.#places.devino,
      started: { fromUs, toUs: bootUs() },
      ...(notification === undefined || reports === undefined
        ? {}
        : { notification: { inode: reports, fd: notification.fd } }),
      ...(pipe === undefined ? {} : { pipe }),
    };
    return result;
  }
}
