/**
 * Replaces `./run` in a service directory that has a `logscript` instead, with a log in a log host.
 * The caller makes the service directory the current directory.
 */
import { MAX_LOGSCRIPT } from "../logdir/core/logscript_file.ts";
import { serviceOfLogger } from "../logreader/core/service_line.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { isFifo, tryStat } from "../libc/stat.ts";
import { openFifo } from "../libc/wary_open.ts";
import { LOGSCRIPT } from "../servicedir/hosted_log.ts";
import type { HeldLog } from "./core/held_supervisor.ts";
import type { HostedLog, HostedLogOrder, LogHosting } from "./log_hosting.ts";
import type { SpawnResult, Stdio } from "./port.ts";
import type { Supervisor } from "./supervisor.ts";

/** The input of a log that is not the logger of a service. */
const FIFO = "fifo";
const STDIN = 0;

export interface HostedRunOptions {
  readonly name: string;
  readonly stdio: Stdio;
  readonly directoryFd: number;
  supervisor(): Supervisor | undefined;
  warn(text: string): void;
}

export class HostedRun {
  readonly #hosting: LogHosting;
  readonly #options: HostedRunOptions;
  #log: HostedLog | undefined;
  /** Why it could not start; kept to print the same reason only once. */
  #failure = "";
  /**
   * The reading end of the FIFO. It stays open as long as the supervisor lives, so that a writer
   * always has a reader.
   */
  #fifoFd: number | undefined;

  constructor(hosting: LogHosting, options: HostedRunOptions) {
    this.#hosting = hosting;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#log !== undefined;
  }

  /** The log host's pid, while the log runs. */
  get pid(): number | undefined {
    return this.#log?.pid;
  }

  /** Goes on with a log that an earlier program in this process has started. */
  goOn({ fifoFd, ...place }: HeldLog): void {
    this.#fifoFd = fifoFd;
    const inputFd = this.#options.stdio.stdin ?? fifoFd ?? STDIN;
    this.#log = this.#hosting.goOn(this.#orderFrom(inputFd), place);
  }

  /** What a program that goes on in our place needs, while the log runs. */
  get held(): HeldLog | undefined {
    return this.#log && { ...this.#log.place, fifoFd: this.#fifoFd };
  }

  #orderFrom(inputFd: number): HostedLogOrder {
    const { name, stdio, directoryFd } = this.#options;
    return {
      service: serviceOfLogger(name),
      logscript: readSmallFile(LOGSCRIPT, MAX_LOGSCRIPT + 1) ?? new Uint8Array(0),
      inputFd,
      directoryFd,
      stderrIsConsole: stdio.stderr !== undefined && stdio.stderr !== stdio.stdout,
      onReady: () => this.#ready(),
      onEnd: (wstat, reason) => this.#ended(wstat, reason),
      warn: (text) => this.#options.warn(text),
    };
  }

  start(): SpawnResult {
    try {
      const inputFd = this.#options.stdio.stdin ?? this.#openFifo() ?? STDIN;
      this.#log = this.#hosting.start(this.#orderFrom(inputFd));
      return { pid: this.#log.pid };
    } catch (error) {
      if (error instanceof SyntaxError) {
        return { missing: false, reason: `unable to run ${LOGSCRIPT}: ${error.message}` };
      }
      if (error instanceof SyscallError) return { missing: false, reason: error.message };
      throw error;
    }
  }

  /**
   * Opened again for each life, because a descriptor whose writers have all gone stays at end of
   * file.
   */
  #openFifo(): number | undefined {
    const found = tryStat(FIFO);
    if (typeof found === "number" || !isFifo(found.mode)) return undefined;
    const fd = openFifo(FIFO, O_RDONLY, { follow: true });
    this.#closeFifo();
    this.#fifoFd = fd;
    return fd;
  }

  #closeFifo(): void {
    if (this.#fifoFd !== undefined) close(this.#fifoFd);
    this.#fifoFd = undefined;
  }

  #ready(): void {
    this.#failure = "";
    this.#options.supervisor()?.becameReady();
  }

  #ended(wstat: number, reason: string): void {
    this.#log = undefined;
    const isNew = reason !== "" && reason !== this.#failure;
    if (reason !== "") this.#failure = reason;
    try {
      if (isNew) this.#options.warn(`${reason} (trying again every second)`);
    } finally {
      this.#options.supervisor()?.childDied(wstat);
    }
  }

  signal(signal: number): void {
    this.#log?.signal(signal);
  }

  /** Lets go of the log because the supervisor ends. */
  abandon(): void {
    this.#log?.abandon();
    this.#log = undefined;
    this.#closeFifo();
  }
}
