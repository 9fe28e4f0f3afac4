/**
 * Pictures for a terminal, of which only what has changed is written, and never more than the
 * terminal takes: where nobody reads, because somebody has stopped it or a connection hangs,
 * pictures are left out, and whoever draws is not stopped.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, write } from "../libc/file.ts";
import { openTerminalAgain } from "../libc/terminal.ts";

// Source: ECMA-48; xterm's ctlseqs. All terminals and their emulators since the VT220 know these,
// so no description of the terminal is asked.
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[0m\x1b[2J";
const LEAVE = "\x1b[0m\x1b[?7h\x1b[?25h\x1b[?1049l";
/** Ends a sequence of which only a part has been written. */
const CANCEL = "\x18";
const CLEAR = "\x1b[0m\x1b[2J";

const encoder = new TextEncoder();

export class ScreenOutput implements Disposable {
  readonly #fd: number;
  readonly #isOurs: boolean;
  /** What stands on the screen. */
  #shown: readonly string[] = [];
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  /** What should stand there, if that had to be put off. */
  #next: readonly string[] | undefined;

  constructor(fd: number) {
    const again = openTerminalAgain(fd);
    this.#isOurs = again >= 0;
    this.#fd = this.#isOurs ? again : fd;
  }

  /** Something is still to be written: `flush` is to be called soon. */
  get isBehind(): boolean {
    return this.#pending.length > 0;
  }

  enter(): void {
    this.#shown = [];
    this.#put(ENTER);
  }

  /** Gives the screen back, as far as the terminal takes it. */
  leave(): void {
    const text = this.isBehind ? CANCEL + LEAVE : LEAVE;
    this.#pending = new Uint8Array(0);
    this.#next = undefined;
    try {
      this.#put(text);
    } catch (error) {
      // the terminal is gone, and with it what was to be put in order
      if (!(error instanceof SyscallError)) throw error;
    }
    this.#pending = new Uint8Array(0);
  }

  /** The next picture is drawn whole. */
  forget(): void {
    this.#shown = [];
    this.#put(CLEAR);
  }

  /** @throws {SyscallError} If the terminal is gone. */
  draw(lines: readonly string[]): void {
    if (this.isBehind) {
      this.#next = lines;
      return;
    }
    let text = "";
    for (let row = 0; row < Math.max(lines.length, this.#shown.length); row++) {
      const line = lines[row] ?? "";
      // cleared first: behind a full line a terminal may take its last cell for the one to be
      // cleared
      if (line !== (this.#shown[row] ?? "")) text += `\x1b[${row + 1};1H\x1b[2K${line}`;
    }
    this.#shown = lines;
    if (text !== "") this.#put(text);
  }

  /** Goes on with what is still to be written. @throws {SyscallError} If the terminal is gone. */
  flush(): void {
    const rest = this.#pending;
    this.#pending = new Uint8Array(0);
    this.#write(rest);
    const next = this.#next;
    if (this.isBehind || next === undefined) return;
    this.#next = undefined;
    this.draw(next);
  }

  #put(text: string): void {
    const bytes = encoder.encode(text);
    if (!this.isBehind) return this.#write(bytes);
    const joined = new Uint8Array(this.#pending.length + bytes.length);
    joined.set(this.#pending);
    joined.set(bytes, this.#pending.length);
    this.#pending = joined;
  }

  #write(bytes: Uint8Array<ArrayBuffer>): void {
    for (let rest = bytes; rest.length > 0;) {
      const count = write(this.#fd, rest);
      if (count === -EAGAIN) {
        this.#pending = rest;
        return;
      }
      if (count === -EINTR) continue;
      if (count < 0) throw new SyscallError("write to the terminal", -count);
      rest = rest.subarray(count);
    }
  }

  [Symbol.dispose](): void {
    if (this.#isOurs) close(this.#fd);
  }
}
