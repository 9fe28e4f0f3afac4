/** A logger on this machine: an engine with its log directories, input and output opened. */
import type { LineForm, LogScript } from "../core/log_script.ts";
import { encodePath } from "../core/path_bytes.ts";
import { formatTai64n } from "../core/tain.ts";
import { SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import type { Poller } from "../libc/epoll.ts";
import { fchdir, writeFileAtomically } from "../libc/file.ts";
import type { Reaper } from "../supervise/reaper.ts";
import type { LogSinks } from "./actions.ts";
import { LogEngine } from "./engine.ts";
import { DescriptorInput } from "./input.ts";
import { localStamp } from "./local_stamp.ts";
import { Logdir } from "./logdir.ts";
import type { SharedOutput } from "./shared_output.ts";
import { takeLogdir } from "./system.ts";

export interface LoggerOptions {
  readonly inputFd: number;
  readonly lineLimit: number;
  readonly holdBack: boolean;
  readonly lastLineMs: number;
  pendingLimit?(): number;
  /** The directory in which relative paths are meant; absent: the process's, which then never changes. */
  readonly directoryFd?: number;
  readonly stdout: SharedOutput;
  readonly poller: Poller;
  readonly reaper: Reaper;
  warn(text: string): void;
  /** A line for standard error, with its newline; the program's name is still to be put before it. */
  alert(line: Uint8Array<ArrayBuffer>): void;
  onDone(): void;
}

export interface Logger {
  readonly engine: LogEngine;
  /** Begins to read. */
  start(): void;
}

const NO_HEAD = new Uint8Array(0);

/** Stamps and prefix of a line that is written now. Source: s6-log(8), `t`, `T`, `p`. */
function headOf({ tai64n, local, prefix }: LineForm): Uint8Array<ArrayBuffer> {
  if (!tai64n && !local && prefix === "") return NO_HEAD;
  const now = wallclock();
  const stamps = `${tai64n ? `${formatTai64n(now)} ` : ""}${local ? `${localStamp(now)}  ` : ""}`;
  return encodePath(`${stamps}${prefix === "" ? "" : `${prefix} `}`) as Uint8Array<ArrayBuffer>;
}

function writeStatus(file: string, content: Uint8Array<ArrayBuffer>, { directoryFd, warn }: LoggerOptions): void {
  try {
    if (directoryFd !== undefined && !file.startsWith("/")) fchdir(directoryFd);
    writeFileAtomically(file, content);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(`unable to write status file ${file}: ${error.message}`);
  }
}

/** Takes the log directories of a script: all, or none. @throws {SyscallError} If one can't be used. */
function openLogdirs(script: LogScript, options: LoggerOptions, onProgress: () => void): readonly Logdir[] {
  using opened = new DisposableStack();
  const logdirs = script.logdirs.map((settings) => {
    const logdir = new Logdir(settings, takeLogdir(settings, options), onProgress);
    opened.defer(() => logdir.close());
    logdir.open();
    return logdir;
  });
  opened.move();
  return logdirs;
}

/**
 * Opens everything that `script` writes to. The input is the logger's from then on, unless this throws.
 *
 * @throws {SyscallError} If a log directory can't be used.
 * @throws {SyntaxError} If a regular expression is none.
 */
export function openLogger(script: LogScript, options: LoggerOptions): Logger {
  const { poller, warn } = options;
  const onProgress = () => engine.onProgress();
  using opened = new DisposableStack();
  const logdirs = openLogdirs(script, options, onProgress);
  opened.defer(() => logdirs.forEach((logdir) => logdir.close()));
  const stdout = options.stdout.sink(onProgress);
  const input = new DescriptorInput(options.inputFd, { poller, onReadable: () => engine.onReadable(), warn });
  const sinks: LogSinks = {
    logdir: (index, lines) => logdirs[index]!.append(lines),
    stdout: (lines) => stdout.append(lines),
    alert: options.alert,
    status: (file, content) => writeStatus(file, content, options),
    head: headOf,
  };
  const engine: LogEngine = new LogEngine(script, options, { input, logdirs, stdout, sinks });
  opened.move();
  return { engine, start: () => input.start() };
}
