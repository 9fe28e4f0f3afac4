/**
 * The output of a oneshot's last run, in the form of a log directory: `current`, and one archive
 * when that has become too large. Together they stay within a limit. Output that can't be written
 * is dropped, and nothing waits for it.
 */
import { EEXIST } from "../core/linux/errno.ts";
import { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } from "../core/linux/open_flags.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { close, mkdir, readDirectory, rename, tryOpen, unlink, write } from "../libc/file.ts";
import { CURRENT } from "../logdir/core/rotation.ts";
import { StampedLines } from "./core/stamped_lines.ts";

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;

/** The most bytes that are kept of one run. */
export const MOST_KEPT = 1 << 16;
/** Reused, because V8 does not count the memory behind typed arrays when it decides to collect. */
const laidOut = new Uint8Array(MOST_KEPT / 2);

export interface KeptOutputOptions {
  /** Called each time, because live folders are replaced. */
  logdir(): string;
  /** Bytes, MOST_KEPT at most. */
  readonly limit: number;
  /** Called before a file is made. */
  onOpen(): void;
}

export class KeptOutput {
  readonly #options: KeptOutputOptions;
  /** Bytes of each of the two files. */
  readonly #fileLimit: number;
  readonly #lines = new StampedLines();
  #fd = -1;
  #size = 0;
  /** Its name. */
  #archive: string | undefined;
  #isOver = false;

  constructor(options: KeptOutputOptions) {
    this.#options = options;
    this.#fileLimit = Math.floor(options.limit / 2);
  }

  add(piece: Uint8Array): void {
    if (this.#isOver || piece.length === 0) return;
    const stamp = formatTai64n(wallclock());
    const room = laidOut.subarray(0, this.#fileLimit);
    const bytes = laidOut.subarray(0, this.#lines.add(piece, stamp, room));
    if (this.#size + bytes.length > this.#fileLimit) this.#rotate(stamp);
    if (this.#fd < 0) this.#open();
    if (this.#fd < 0) return;
    const count = write(this.#fd, bytes);
    if (count < 0) return this.end(); // a full disk: keep what is there
    this.#size += count;
  }

  #open(): void {
    this.#options.onOpen();
    const logdir = this.#options.logdir();
    const made = mkdir(logdir, DIRECTORY_MODE);
    this.#fd = made < 0 && made !== -EEXIST ? made : tryOpen(
      `${logdir}/${CURRENT}`,
      O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW,
      FILE_MODE,
    );
    this.#size = 0;
    if (this.#fd < 0) this.#isOver = true;
  }

  #rotate(stamp: string): void {
    if (this.#fd < 0) return;
    close(this.#fd);
    this.#fd = -1;
    const logdir = this.#options.logdir();
    if (this.#archive !== undefined) unlink(`${logdir}/${this.#archive}`);
    this.#archive = `${stamp}.s`;
    if (rename(`${logdir}/${CURRENT}`, `${logdir}/${this.#archive}`) < 0) this.#isOver = true;
  }

  /** Stops keeping output. */
  end(): void {
    this.#isOver = true;
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
  }
}

/** Removes the output of an earlier run. */
export function clearKeptOutput(logdir: string): void {
  try {
    for (const name of readDirectory(logdir)) unlink(`${logdir}/${name}`);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error; // nothing to remove
  }
}
