/** The log host's port on libc: its inherited channel, its outputs and its loggers. */
import { decodeRequest, encodeReport } from "./core/log_host_protocol.ts";
import type { LogHostReport } from "./core/log_host_protocol.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { setCloexec } from "../libc/fd.ts";
import { O_WRONLY } from "../core/linux/open_flags.ts";
import { close, open } from "../libc/file.ts";
import { isInherited, replaceEverywhere } from "../libc/replace_descriptors.ts";
import { forgetContents, releaseStartupMemory } from "../libc/memory.ts";
import { Ere } from "../libc/regex.ts";
import { startTimer } from "../fifodir/timer.ts";
import { wallclock } from "../libc/clock.ts";
import { formatTai64n } from "../core/time/tain.ts";
import type { Block } from "../logdir/block.ts";
import { SHARED_POOL } from "../logdir/core/byte_queue.ts";
import { descriptorOutput, lineForm } from "../logdir/descriptor_output.ts";
import type { Logger } from "../logdir/logger.ts";
import { openLogger } from "../logdir/logger.ts";
import type { OutputSink } from "../logdir/shared_output.ts";
import { SharedOutput } from "../logdir/shared_output.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LogCounts } from "../counters/core/counts.ts";
import { Channel } from "./channel.ts";
import { answerCounts, ownHeap } from "./counts_answer.ts";
import { OutputReaders } from "./output_readers.ts";
import { CHANNEL_FD, CONSOLE_FD, CONTAINER_FD } from "./host_process.ts";
import type { LogHostPort, LogRequest } from "./log_host.ts";
import { LogHost } from "./log_host.ts";

const STDOUT = 1;
const STDERR = 2;
/** When this many reports wait for s6-svscan, warnings are dropped. */
const MAX_UNSENT = 1000;
/** How many bytes of alerts may wait for the reader of standard error. More are dropped. */
const MAX_ALERT_BYTES = 65536;
/** When no log has begun or ended for this long, memory that only starts need is given back. */
const SETTLE_MS = 500;
/**
 * And this long after that, memory that a busy log needed while its code was compiled, mostly pages
 * of the compilers.
 */
const WARM_MS = 2500;
/** A host that uses less memory than this has no busy log. */
const BUSY_BYTES = 42e6;
/** When nothing has waited for this long, the memory for waiting output is given back. */
const IDLE_MS = 1000;
const ALERT_HEAD = encodePath("s6-log: alert: ");

export interface SystemOptions {
  readonly poller: Poller;
  readonly reaper: Reaper;
  /** Called when the process is to end. */
  onLeave(code: number): void;
}

/** Gives back the memory for waiting output once nothing has to wait any more. */
function giveBackWhenIdle(): void {
  let timer: Disposable | undefined;
  let idleSinceMs = 0;
  const look = (): void => {
    timer = undefined;
    if (SHARED_POOL.usedBytes > 0) return; // it will be called again
    const restMs = idleSinceMs + IDLE_MS - performance.now();
    if (restMs > 0) timer = startTimer(restMs, look);
    else SHARED_POOL.chunks.forEach(forgetContents);
  };
  SHARED_POOL.onIdle = () => {
    idleSinceMs = performance.now();
    timer ??= startTimer(IDLE_MS, look);
  };
}

/** A descriptor that this process may have inherited. */
function inherited(fd: number): number | undefined {
  return isInherited(fd) ? fd : undefined;
}

class SystemLogHostPort implements LogHostPort {
  readonly #options: SystemOptions;
  readonly #channel: Channel;
  readonly #outputs = new Map<number, SharedOutput>();
  readonly #alerts = new Map<number, OutputSink>();
  readonly #readers: OutputReaders;
  readonly #consoleFd = inherited(CONSOLE_FD) ?? STDERR;
  readonly #containerFd = inherited(CONTAINER_FD) ?? inherited(CONSOLE_FD) ?? STDOUT;
  #settleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SystemOptions, channel: Channel) {
    this.#options = options;
    this.#channel = channel;
    this.#readers = new OutputReaders(options.poller, `${Deno.pid} ${formatTai64n(wallclock())}`);
    for (const fd of [CONSOLE_FD, CONTAINER_FD]) {
      if (inherited(fd) !== undefined) setCloexec(fd, true);
    }
  }

  /** Created when a log first needs it; most need none. */
  #output(fd: number): SharedOutput {
    let output = this.#outputs.get(fd);
    if (output === undefined) {
      const warn = (text: string): void => this.report({ kind: "warning", id: 0, text });
      output = new SharedOutput(descriptorOutput(fd, this.#options.poller, warn));
      this.#outputs.set(fd, output);
    }
    return output;
  }

  openLogger(request: LogRequest): Logger {
    const { poller, reaper } = this.#options;
    const { order, options, script } = request;
    const containerFd = order.ownOutput ? STDOUT : this.#containerFd;
    const stderrFd = order.stderrIsConsole ? this.#consoleFd : STDERR;
    const { lineLimit, holdBack, lastLineMs } = options;
    const { inputFd, directoryFd, warn, pendingLimit, onSlow, onDone } = request;
    const own = {
      inputFd,
      directoryFd,
      warn,
      pendingLimit,
      onSlow,
      onDone,
      lineLimit,
      holdBack,
      lastLineMs,
    };
    return openLogger(script, {
      ...own,
      ...(order.keeps ? { keep: (block) => this.#keep(order.service, block) } : {}),
      poller,
      reaper,
      // output of the catch-all logger to our standard output would come back to it
      stdout: () => this.#output(order.stderrIsConsole ? this.#consoleFd : STDOUT),
      container: () => this.#output(containerFd),
      form: () => lineForm(order.service, containerFd),
      leaveStuckOutput: true,
      alert: (line) => this.#alert(stderrFd, line),
    });
  }

  #keep(service: string, block: Block): void {
    this.#readers.keep(service, block, encodePath(`${formatTai64n(wallclock())} `));
  }

  takeReader(fd: number): void {
    try {
      this.#readers.take(fd);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.report({ kind: "warning", id: 0, text: error.message });
    }
  }

  tellCounts(fd: number, logs: readonly LogCounts[]): void {
    answerCounts(fd, this.#options.poller, {
      from: "log host",
      pid: Deno.pid,
      heap: ownHeap(),
      services: [],
      logs,
    });
  }

  forgetOutput(service: string): void {
    this.#readers.forget(service);
  }

  /** Late alerts are useless, so no more than a pipe's worth of them may wait. */
  #alert(fd: number, line: Uint8Array<ArrayBuffer>): void {
    let sink = this.#alerts.get(fd);
    if (sink === undefined) {
      sink = this.#output(fd).sink({ onProgress: () => {} });
      this.#alerts.set(fd, sink);
    }
    if (sink.pendingBytes > MAX_ALERT_BYTES) return;
    const bytes = new Uint8Array(ALERT_HEAD.length + line.length);
    bytes.set(ALERT_HEAD);
    bytes.set(line, ALERT_HEAD.length);
    sink.append(bytes);
  }

  patternFault(pattern: string): string | undefined {
    try {
      using _compiled = new Ere(pattern, { lines: true });
      return undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return error.message;
      throw error;
    }
  }

  report(report: LogHostReport): void {
    if (report.kind === "warning" && this.#channel.unsentCount > MAX_UNSENT) return;
    this.#channel.send(encodeReport(report), [], "id" in report ? report.id : 0);
  }

  close(fd: number): void {
    close(fd);
  }

  releaseOutput(): void {
    try {
      const nullFd = open("/dev/null", O_WRONLY);
      replaceEverywhere(STDOUT, nullFd);
      replaceEverywhere(STDERR, nullFd);
      close(nullFd);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.report({
        kind: "warning",
        id: 0,
        text: `${error.message} (the catch-all logger may not see its end)`,
      });
    }
  }

  settle(): void {
    clearTimeout(this.#settleTimer);
    this.#settleTimer = setTimeout(() => {
      releaseStartupMemory();
      this.#settleTimer = setTimeout(() => {
        if (Deno.memoryUsage().rss > BUSY_BYTES) releaseStartupMemory();
      }, WARM_MS);
    }, SETTLE_MS);
  }

  leave(code: number): void {
    this.#options.onLeave(code);
  }
}

/** Starts to serve the inherited channel. @throws {SyscallError} If there is none. */
export function hostLogs(options: SystemOptions): LogHost {
  setCloexec(CHANNEL_FD, true);
  giveBackWhenIdle();
  const channel = new Channel(CHANNEL_FD, options.poller, {
    onPacket: (packet, fds, truncated) => host.handle(decodeRequest(packet), fds, truncated),
    onEnd: () => host.onAlone(),
  });
  const host = new LogHost(new SystemLogHostPort(options, channel));
  return host;
}
