/**
 * A small file of a live folder that is retried until it is written: a full disk has room again at
 * some point, and the file then says what is true at that time.
 */
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import { writeFileAtomically } from "../libc/small_file.ts";

const RETRY_MS = 1000;

export class StubbornFile {
  readonly #path: () => string;
  readonly #mode: number;
  #timer: Disposable | undefined;

  /** @param path Called each time, because live folders are replaced */
  constructor(path: () => string, mode: number) {
    this.#path = path;
    this.#mode = mode;
  }

  /**
   * Writes the file. This replaces a content that is still waiting to be written.
   *
   * @throws {SyscallError} If it can't be written now; it is retried silently.
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

  /** Stops retrying. */
  end(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
