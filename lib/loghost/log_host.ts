/**
 * A log host: runs one s6-log engine for each log that s6-svscan orders. A request that can't be
 * carried out, or a script that fails, affects only that log. The log host ends when s6-svscan has
 * closed the socket and the last log has ended. So if s6-svscan is killed, the output of its
 * services is still logged.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { LogHostReport, LogHostRequest, LogId, LogOrder } from "./core/log_host_protocol.ts";
import { LOG_HOST_VERSION } from "./core/log_host_protocol.ts";
import { EMFILE } from "../core/linux/errno.ts";
import type { LoggerCommand } from "../logdir/core/logger_command.ts";
import { parseLoggerCommand } from "../logdir/core/logger_command.ts";
import { loggerSignal } from "./core/logger_signals.ts";
import { SIGTERM } from "../core/linux/signals.ts";
import { SyscallError } from "../libc/bind.ts";
import { SHARED_POOL } from "../logdir/core/byte_queue.ts";
import { PENDING_LIMIT } from "../logdir/engine.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import type { LogCounts } from "../counters/core/counts.ts";
import type { Logger } from "../logdir/logger.ts";

/**
 * If all logs together keep this much in memory because the disk does not accept it, each may keep
 * only the minimum.
 */
export const HOST_PENDING_LIMIT = 4 << 20;
/** Each log may always keep this much: the size of a pipe. */
const LEAST_PENDING = 1 << 16;

const SIGNALED = 128;

/** The facts with which a log is opened, in addition to its order. */
export interface LogRequest extends LoggerCommand {
  readonly order: LogOrder;
  readonly inputFd: number;
  readonly directoryFd: number;
  pendingLimit(): number;
  warn(text: string): void;
  /** Its regular expressions take so long that they delay others. */
  onSlow(): void;
  onDone(): void;
}

export interface LogHostPort {
  /**
   * @throws {SyscallError | SyntaxError} If something that the script writes to can't be opened, or
   *   an expression is invalid.
   */
  openLogger(request: LogRequest): Logger;
  patternFault(pattern: string): string | undefined;
  report(report: LogHostReport): void;
  close(fd: number): void;
  releaseOutput(): void;
  /** Serves one who asks for what is kept. @throws {SyscallError} If the socket is unusable. */
  takeReader(fd: number): void;
  /**
   * Tells one who asks what has been counted. The connection is the callee's. @throws
   * {SyscallError} If the socket is unusable.
   */
  tellCounts(fd: number, logs: readonly LogCounts[]): void;
  /** The service has no output log any more: what is kept of it goes. */
  forgetOutput(service: string): void;
  /** A log has begun or ended: memory that only this needed can be given back soon. */
  settle(): void;
  /** Everything is done: the process exits. */
  leave(code: number): void;
}

interface HostedLogger {
  readonly service: string;
  readonly logger: Logger;
  readonly protect: boolean;
  readonly directoryFd: number;
  /** The service whose lines are kept. */
  readonly keeps: string | undefined;
}

function pendingLimit(): number {
  return SHARED_POOL.usedBytes < HOST_PENDING_LIMIT ? PENDING_LIMIT : LEAST_PENDING;
}

export class LogHost {
  readonly #port: LogHostPort;
  readonly #logs = new Map<LogId, HostedLogger>();
  /** s6-svscan has confirmed our version. */
  #greeted = false;
  #alone = false;
  /** Somebody has asked what is counted. */
  #countsLines = false;
  readonly #mishaps = new Mishaps((text) => this.warn(text));

  constructor(port: LogHostPort) {
    this.#port = port;
    port.report({ kind: "hello", version: LOG_HOST_VERSION });
  }

  /** Prints a warning that concerns no particular log. */
  warn(text: string): void {
    this.#port.report({ kind: "warning", id: 0, text });
  }

  /**
   * @param fds The descriptors that came with it; we own them. @param truncated Some of them did
   *   not arrive.
   */
  handle(request: LogHostRequest, fds: readonly number[], truncated: boolean): void {
    if (!this.#greeted && request.kind !== "hello") return this.#port.leave(EXIT_USAGE);
    switch (request.kind) {
      case "hello":
        this.#greeted = request.version === LOG_HOST_VERSION;
        return this.#greeted ? undefined : this.#port.leave(EXIT_USAGE);
      case "start":
        return this.#start(request.order, fds, truncated);
      case "signal":
        return this.#signal(request.id, request.signal);
      case "readRest":
        return this.#logs.get(request.id)?.logger.engine.readRest();
      case "releaseOutput":
        return void this.#mishaps.survives(() => this.#port.releaseOutput());
      case "reader":
        // an expected failure is the reader's alone, who sees the end of the connection
        for (const fd of fds) this.#mishaps.survives(() => this.#port.takeReader(fd));
        return;
      case "counts":
        for (const fd of fds) this.#mishaps.survives(() => this.#tellCounts(fd));
        return this.#report({ kind: "counted" });
      default:
        return request satisfies never;
    }
  }

  #tellCounts(fd: number): void {
    this.#countsLines = true;
    for (const { logger } of this.#logs.values()) logger.engine.countLines();
    const logs = [...this.#logs.values()].map(({ service, logger }) => ({
      service,
      ...logger.engine.counts,
    }));
    this.#port.tellCounts(fd, logs);
  }

  /** s6-svscan has gone, or wants us to leave: running logs go on to the end of their input. */
  onAlone(): void {
    this.#alone = true;
    if (this.#logs.size === 0) this.#port.leave(0);
  }

  /** SIGALRM to the process: rotates every log. */
  rotateAll(): void {
    for (const { logger } of this.#logs.values()) logger.engine.rotate();
  }

  /**
   * SIGTERM to the process. While s6-svscan is running we ignore it: s6-svscan ends each log
   * separately.
   */
  terminate(): void {
    if (!this.#alone) return;
    for (const id of [...this.#logs.keys()]) this.#signal(id, SIGTERM);
  }

  #start(order: LogOrder, fds: readonly number[], truncated: boolean): void {
    const [inputFd, directoryFd] = fds;
    if (truncated || inputFd === undefined || directoryFd === undefined) {
      for (const fd of fds) this.#port.close(fd);
      return this.#refuse(order.id, new SyscallError("take the descriptors of the log", EMFILE));
    }
    try {
      this.#open(order, inputFd, directoryFd);
    } catch (error) {
      const begun = this.#logs.get(order.id);
      this.#logs.delete(order.id);
      if (begun === undefined) this.#mishaps.survives(() => this.#port.close(inputFd));
      else begun.logger.engine.abandon(); // the engine owns the input
      this.#mishaps.survives(() => this.#port.close(directoryFd));
      this.#refuse(order.id, error);
    }
    this.#mishaps.survives(() => this.#port.settle());
  }

  /** Reports the reason to its supervisor, which tries again. */
  #refuse(id: LogId, error: unknown): void {
    const expected = error instanceof SyscallError || error instanceof SyntaxError;
    const code = error instanceof SyntaxError ? EXIT_USAGE : EXIT_SYSTEM;
    this.#report({
      kind: "ended",
      id,
      wstat: code << 8,
      reason: expected ? error.message : mishapText(error),
    });
  }

  /** Reports the end of a log. The report must arrive, or nobody would restart the log. */
  #report(report: LogHostReport): void {
    const send = (): void => this.#port.report(report);
    if (!this.#mishaps.survives(send)) this.#mishaps.survives(send);
  }

  #open(order: LogOrder, inputFd: number, directoryFd: number): void {
    const { id } = order;
    const words = parseLoggerCommand(order.words, {
      patternFault: (pattern) => this.#port.patternFault(pattern),
    });
    const warn = (text: string): void => {
      if (words.options.verbosity > 0) this.#port.report({ kind: "warning", id, text });
    };
    const logger = this.#port.openLogger({
      ...words,
      order,
      inputFd,
      directoryFd,
      warn,
      pendingLimit,
      onSlow: () => this.#port.report({ kind: "slow", id }),
      onDone: () => this.#ended(id, 0),
    });
    const keeps = order.keeps ? order.service : undefined;
    if (this.#countsLines) logger.engine.countLines();
    const { service } = order;
    this.#logs.set(id, { service, logger, protect: words.options.protect, directoryFd, keeps });
    for (const text of words.script.warnings) warn(text);
    this.#port.report({ kind: "ready", id });
    logger.start();
  }

  #signal(id: LogId, signal: number): void {
    const log = this.#logs.get(id);
    if (log === undefined) return; // it has ended, and s6-svscan will be told
    const { engine } = log.logger;
    const meaning = loggerSignal(signal, log.protect);
    switch (meaning) {
      case "rotate":
        return engine.rotate();
      case "stop":
        return engine.stop();
      case "hold":
        return engine.hold(true);
      case "go on":
        return engine.hold(false);
      case "ignore":
        return;
      case "die":
        engine.abandon();
        return this.#ended(id, signal % SIGNALED);
      default:
        return meaning satisfies never;
    }
  }

  #ended(id: LogId, wstat: number): void {
    const log = this.#logs.get(id);
    if (log === undefined) return;
    this.#logs.delete(id);
    this.#mishaps.survives(() => this.#port.close(log.directoryFd));
    const { keeps } = log;
    if (keeps !== undefined) this.#mishaps.survives(() => this.#port.forgetOutput(keeps));
    this.#report({ kind: "ended", id, wstat, reason: "" });
    this.#mishaps.survives(() => this.#port.settle());
    if (this.#alone && this.#logs.size === 0) this.#port.leave(0);
  }
}
