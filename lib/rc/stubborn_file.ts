/**
 * A small file of a live folder that is tried again until it is written: a disk that was full has
 * room again at some time, and then the file tells what is so by then.
 */
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import { writeFileAtomically } from "../libc/small_file.ts";

const RETRY_MS = 1000;

export class StubbornFile {
  readonly #path: () => string;
  readonly #mode: number;
  #timer: Disposable | undefined;

  /** @param path asked each time: live folders are replaced */
  constructor(path: () => string, mode: number) {
    this.#path = path;
    this.#mode = mode;
  }

  /**
   * Writes it, in place of what was to be written before.
   *
   * @throws {SyscallError} If it can't be written now; it is going to be tried again in silence.
   */
  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.end();
    try {
      writeFileAtomically(this.#path(), bytes, this.#mode);
    } catch (error) {
      if (error instanceof SyscallError) {
        this.#timer = startTimer(RETRY_MS, () => this.#writeAgain(bytes));
      }
      throw error;
    }
  }

  #writeAgain(bytes: Uint8Array<ArrayBuffer>): void {
    try {
      this.write(bytes);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
    }
  }

  /** It is not tried any more. */
  end(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
