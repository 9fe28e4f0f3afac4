/**
 * Keeps the record of a live folder on disk. While something is being changed it is written at most
 * twice a second; when everything is done, at once. A write error is reported once, and nothing
 * waits for the disk.
 */
import { startTimer } from "../fifodir/timer.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import { rename } from "../libc/file.ts";
import { getpid } from "../libc/process.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { isIdle } from "./core/engine.ts";
import type { Engine } from "./core/engine_state.ts";
import type { RecordedOmission } from "./core/live_record.ts";
import { BOOT_FILE, OUTPUT_DIRECTORY, RECORD_FILE } from "./core/live_record.ts";
import { differs, recordOf } from "./core/make_record.ts";
import { StubbornFile } from "./stubborn_file.ts";

const SAVE_INTERVAL_MS = 500;
const MODE = 0o644;

export interface RecorderOptions {
  /** The live folder itself. */
  readonly folder: string;
  readonly prefix: string;
  readonly leftOut: readonly RecordedOmission[];
  warn(text: string): void;
}

export class Recorder {
  readonly #options: RecorderOptions;
  readonly #mishaps: Mishaps;
  #folder: string;
  readonly #record = new StubbornFile(() => `${this.#folder}/${RECORD_FILE}`, MODE);
  readonly #bootRecord = new StubbornFile(() => `${this.#folder}/${BOOT_FILE}`, MODE);
  #leftOut: readonly RecordedOmission[];
  #engine: Engine | undefined;
  #isBusy = false;
  #isUnsaved = false;
  #beganMs: number | undefined;
  /** The first change is over, and its record is on disk. */
  #hasBooted = false;
  #timer: Disposable | undefined;
  /** The error of the last write. */
  #trouble = "";

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#folder = options.folder;
    this.#leftOut = options.leftOut;
    this.#mishaps = new Mishaps((text) => options.warn(text));
  }

  /** Called when the engine has made a step. Never throws. */
  onStep(engine: Engine): void {
    this.#mishaps.survives(() => this.#take(engine));
  }

  #take(engine: Engine): void {
    const last = this.#engine;
    const wasBusy = this.#isBusy;
    this.#engine = engine;
    this.#isBusy = !isIdle(engine);
    if (this.#isBusy) this.#beganMs ??= monotonicMs();
    const isNews = last === undefined || wasBusy !== this.#isBusy || differs(last, engine);
    if (!isNews) return;
    this.#isUnsaved = true;
    if (this.#isBusy) this.#timer ??= startTimer(SAVE_INTERVAL_MS, () => this.#saveLater());
    else this.#save();
  }

  #saveLater(): void {
    this.#timer = undefined;
    this.#mishaps.survives(() => this.#save());
  }

  #save(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    const engine = this.#engine;
    if (!this.#isUnsaved || engine === undefined) return;
    this.#isUnsaved = false;
    const record = recordOf(engine, {
      pid: getpid(),
      prefix: this.#options.prefix,
      monotonicMs: monotonicMs(),
      unixMs: Date.now(),
      busy: this.#isBusy,
      beganMs: this.#beganMs,
      leftOut: this.#leftOut,
    });
    const bytes = encodePath(JSON.stringify(record));
    try {
      this.#record.write(bytes);
      if (!this.#isBusy && this.#beganMs !== undefined && !this.#hasBooted) {
        this.#hasBooted = true;
        this.#bootRecord.write(bytes);
      }
      this.#trouble = "";
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.message === this.#trouble) return;
      this.#trouble = error.message;
      this.#options.warn(`${error.message} (hexad status tells nothing of oneshots)`);
    }
  }

  /** The live folder has been replaced by another one that has no broken definitions. */
  moveTo(folder: string): void {
    for (const name of [BOOT_FILE, OUTPUT_DIRECTORY]) {
      rename(`${this.#folder}/${name}`, `${folder}/${name}`); // it may be missing
    }
    this.#folder = folder;
    this.#leftOut = [];
    this.#hasBooted = true; // the boot happened in another folder
    this.#isUnsaved = true;
  }

  /** Stops writing. */
  end(): void {
    this.#record.end();
    this.#bootRecord.end();
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#isUnsaved = false;
  }
}
