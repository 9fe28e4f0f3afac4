/**
 * A terminal that a program has for itself: the other screen, each key as it comes, told when its
 * size changes. It is given back as it was however that ends: by leaving the scope, by a signal
 * (the hub calls `restore` before), or for a while, when the job is stopped.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { SIGTSTP } from "../core/linux/signals.ts";
import { decodeKeys, decodeRest } from "./core/terminal_keys.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { stopOf } from "../libc/disposition.ts";
import { read } from "../libc/file.ts";
import {
  rawModes,
  setTerminalModes,
  type TerminalModes,
  terminalModes,
  type WindowSize,
  windowSize,
} from "../libc/terminal.ts";
import { ScreenOutput } from "./screen_output.ts";

/** So long an ESC may be the beginning of a sequence. */
const ESCAPE_MS = 50;
/** So often a terminal that takes nothing is tried again. */
const FLUSH_MS = 50;
/** A stop by a signal has happened by then: if we still run, or run again, it is over. */
const STOP_MS = 50;
const BUFFER_BYTES = 1024;

export interface ScreenEvents {
  onKey(key: string): void;
  /** Also when it comes back after a stop: all is to be drawn anew. */
  onResize(size: WindowSize): void;
}

export class FullScreen implements Disposable {
  readonly #hub: EventHub;
  readonly #inputFd: number;
  readonly #outputFd: number;
  readonly #events: ScreenEvents;
  readonly #modes: TerminalModes;
  readonly #output: ScreenOutput;
  readonly #stack = new DisposableStack();
  readonly #decoder = new TextDecoder();
  #entered = false;
  #rest = "";
  #escape: Disposable | undefined;
  #flushing: Disposable | undefined;
  #stopping: Disposable | undefined;

  /** @throws {SyscallError} If there is no terminal. */
  constructor(
    hub: EventHub,
    fds: { readonly input: number; readonly output: number },
    events: ScreenEvents,
  ) {
    this.#hub = hub;
    this.#inputFd = fds.input;
    this.#outputFd = fds.output;
    this.#events = events;
    const modes = terminalModes(fds.input);
    if (typeof modes === "number") throw new SyscallError("read the modes of the terminal", -modes);
    this.#modes = modes;
    this.#output = this.#stack.use(new ScreenOutput(fds.output));
    this.#onSignal("SIGWINCH", () => this.#guarded(() => this.#events.onResize(this.size)));
    this.#onSignal("SIGTSTP", () => this.suspend());
    this.#onSignal("SIGCONT", () => this.#guarded(() => this.#comeBack()));
    hub.watch(fds.input, () => this.#readKeys());
    this.#stack.defer(() => hub.unwatch(fds.input));
    this.#enter();
  }

  #onSignal(name: Deno.Signal, listener: () => void): void {
    Deno.addSignalListener(name, listener);
    this.#stack.defer(() => Deno.removeSignalListener(name, listener));
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#hub.fail(error);
    }
  }

  get size(): WindowSize {
    return windowSize(this.#outputFd) ?? { rows: 24, columns: 80 };
  }

  #enter(): void {
    checked(
      "set the modes of the terminal",
      setTerminalModes(this.#inputFd, rawModes(this.#modes)),
    );
    this.#entered = true;
    this.#output.enter();
  }

  /** Gives the terminal back as it was. Harmless if that has been done. */
  restore(): void {
    if (!this.#entered) return;
    this.#entered = false;
    this.#output.leave();
    setTerminalModes(this.#inputFd, this.#modes);
  }

  /** Lines from the top of the screen on. @throws {SyscallError} If the terminal is gone. */
  draw(lines: readonly string[]): void {
    if (!this.#entered) return;
    this.#output.draw(lines);
    this.#flushLater();
  }

  /** What is drawn next is drawn over an empty screen. */
  forget(): void {
    if (this.#entered) this.#output.forget();
  }

  #flushLater(): void {
    if (!this.#output.isBehind) return;
    this.#flushing ??= this.#hub.after(FLUSH_MS, () => {
      this.#flushing = undefined;
      if (!this.#entered) return;
      this.#output.flush();
      this.#flushLater();
    });
  }

  /**
   * Stops the job, as Ctrl-Z does elsewhere. Where nobody could let it go on, it goes on by itself:
   * the kernel does not stop an orphaned job.
   */
  suspend(): void {
    if (this.#stopping !== undefined) return;
    this.restore();
    const stop = stopOf(SIGTSTP);
    this.#stopping = this.#hub.after(STOP_MS, () => {
      stop[Symbol.dispose]();
      this.#stopping = undefined;
      this.#comeBack();
    });
  }

  /** Whoever has stopped us may have set the modes of the terminal. */
  #comeBack(): void {
    if (this.#stopping !== undefined) return;
    this.#enter();
    this.#events.onResize(this.size);
  }

  #readKeys(): void {
    const buffer = new Uint8Array(BUFFER_BYTES);
    const count = read(this.#inputFd, buffer);
    if (count === -EAGAIN || count === -EINTR) return;
    if (count < 0) throw new SyscallError("read from the terminal", -count);
    if (count === 0) throw new TerminalGone();
    this.#escape?.[Symbol.dispose]();
    const { keys, rest } = decodeKeys(
      this.#rest + this.#decoder.decode(buffer.subarray(0, count), { stream: true }),
    );
    this.#rest = rest;
    if (rest !== "") this.#escape = this.#hub.after(ESCAPE_MS, () => this.#endRest());
    for (const key of keys) this.#events.onKey(key);
  }

  #endRest(): void {
    const keys = decodeRest(this.#rest);
    this.#rest = "";
    for (const key of keys) this.#events.onKey(key);
  }

  [Symbol.dispose](): void {
    this.restore();
    for (const timer of [this.#escape, this.#flushing, this.#stopping]) timer?.[Symbol.dispose]();
    this.#stack.dispose();
  }
}

/** The other end of the terminal is closed. */
export class TerminalGone extends Error {
  override readonly name = "TerminalGone";
}
