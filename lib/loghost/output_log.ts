/**
 * Writes the output of a service without a logger to our standard output, with the service's name.
 * It is a log in a log host, with the script `o`, `oj` or `ot`. It has no supervisor, so this does a
 * supervisor's work: it restarts the log after its death and, when the service has gone, lets it
 * read the rest.
 */
import { outputDirective } from "../logdir/core/log_directives.ts";
import type { OutputForm } from "../logreader/core/service_line.ts";
import { SyscallError } from "../libc/bind.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import type { HostedLog, LogHosting } from "../supervise/log_hosting.ts";

export interface OutputLogWorld {
  readonly hosting: LogHosting;
  /** Any directory, because the script has no paths. */
  readonly directoryFd: number;
  monotonicMs(): number;
  later(delayMs: number, callback: () => void): Disposable;
  /** Whether the pipe holds unread bytes. */
  hasUnread(readFd: number): boolean;
  close(fd: number): void;
  warn(text: string): void;
}

export interface OutputLogOptions {
  readonly service: string;
  readonly form: OutputForm;
  /** The pipe, which we close. */
  readonly readFd: number;
  /** Called when everything has been read and written, and the pipe is closed. */
  onEnd(): void;
}

const RESTART_INTERVAL_MS = 1000;

export class OutputLog {
  readonly #world: OutputLogWorld;
  readonly #options: OutputLogOptions;
  #log: HostedLog | undefined;
  #ending = false;
  #ended = false;
  #failure = "";
  #nextStartMs = 0;
  #lastTries = 3;
  #timer: Disposable | undefined;
  readonly #mishaps: Mishaps;

  constructor(world: OutputLogWorld, options: OutputLogOptions) {
    this.#world = world;
    this.#options = options;
    this.#mishaps = new Mishaps((text) => world.warn(text));
    this.#start();
  }

  /**
   * The service has gone: reads the rest of the pipe and ends, even if another process holds the
   * pipe open.
   */
  end(): void {
    if (this.#ending) return;
    this.#ending = true;
    const log = this.#log;
    // give up a log that can't be told: a service's end must not wait for it
    if (log === undefined) this.#startOrFinish();
    else if (!this.#mishaps.survives(() => log.readRest())) this.#finish();
  }

  #start(): void {
    const { service, form, readFd } = this.#options;
    this.#nextStartMs = this.#world.monotonicMs() + RESTART_INTERVAL_MS;
    try {
      this.#log = this.#world.hosting.start({
        service,
        logscript: new TextEncoder().encode(outputDirective(form)),
        inputFd: readFd,
        directoryFd: this.#world.directoryFd,
        stderrIsConsole: false,
        ownOutput: true, // where the service would have written
        onReady: () => this.#failure = "",
        onEnd: (wstat, reason) => this.#died(reason, this.#ending && wstat === 0),
        warn: (text) => this.#world.warn(text),
      });
      if (this.#ending) this.#log.readRest();
    } catch (error) {
      const expected = error instanceof SyscallError || error instanceof SyntaxError;
      this.#died(expected ? error.message : mishapText(error), false);
    }
  }

  /** @param done It was told to read the rest, and has done so. */
  #died(reason: string, done: boolean): void {
    this.#log = undefined;
    if (done) return this.#finish();
    if (reason !== "" && reason !== this.#failure) {
      this.#mishaps.survives(() => this.#world.warn(`${reason} (trying again every second)`));
    }
    if (reason !== "") this.#failure = reason;
    if (this.#ending) return this.#startOrFinish();
    this.#startLater();
  }

  #startLater(): void {
    const delayMs = this.#nextStartMs - this.#world.monotonicMs();
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#world.later(Math.max(0, delayMs), () => this.#start());
  }

  /** At the end, starts another log for unread bytes, a few times at most in case they kill it. */
  #startOrFinish(): void {
    this.#timer?.[Symbol.dispose]();
    if (
      this.#lastTries-- > 0 &&
      this.#mishaps.guard(() => this.#world.hasUnread(this.#options.readFd), false)
    ) return this.#start();
    this.#finish();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#mishaps.survives(() => this.#world.close(this.#options.readFd));
    this.#options.onEnd();
  }
}
