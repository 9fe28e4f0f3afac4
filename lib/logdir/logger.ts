/** A logger on this machine: an engine with its log directories, input and output opened. */
import type { LineForm, LogAction, LogScript } from "./core/log_script.ts";
import type { ServiceLineForm } from "../logreader/core/service_line.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { formatTai64n } from "../core/time/tain.ts";
import { SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import type { Poller } from "../libc/epoll.ts";
import { fchdir } from "../libc/file.ts";
import { writeFileAtomically } from "../libc/small_file.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LogSinks } from "./actions.ts";
import type { Block } from "./block.ts";
import { LogEngine } from "./engine.ts";
import { DescriptorInput } from "./input.ts";
import { localStamp } from "./local_stamp.ts";
import { Logdir } from "./logdir.ts";
import { containerLines, containerNote } from "./container_lines.ts";
import type { OutputSink, SharedOutput, SinkOptions } from "./shared_output.ts";
import { takeLogdir } from "./system.ts";

export interface LoggerOptions {
  readonly inputFd: number;
  readonly lineLimit: number;
  readonly holdBack: boolean;
  readonly lastLineMs: number;
  pendingLimit?(): number;
  /**
   * The directory in which relative paths are meant; absent: the process's, which then never
   * changes.
   */
  readonly directoryFd?: number;
  /** Asked for by a script that writes there. */
  stdout(): SharedOutput;
  /** The container's standard output; may be `stdout`. */
  container(): SharedOutput;
  /** How lines look there. */
  form(): ServiceLineForm;
  readonly leaveStuckOutput?: boolean;
  /** What a line is preceded by now; absent: s6-log's stamps and prefix. */
  readonly head?: LogSinks["head"];
  /** Changes what was read, before lines are looked for in it. */
  readonly prepare?: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** Told of each block of which lines go to the container's standard output. */
  keep?(block: Block): void;
  readonly poller: Poller;
  readonly reaper: Reaper;
  warn(text: string): void;
  /** See LogSinks. */
  onSlow?(): void;
  /**
   * A line for standard error, with its newline; the program's name is still to be put before it.
   */
  alert(line: Uint8Array<ArrayBuffer>): void;
  onDone(): void;
}

export interface Logger {
  readonly engine: LogEngine;
  /** Begins to read. */
  start(): void;
}

/**
 * Read at a time where lines become longer, an empty one is 70 bytes in JSON, or become text, which
 * is V8's garbage afterwards.
 */
const SMALL_BLOCK = 1 << 16;
const NO_HEAD = new Uint8Array(0);

/** Stamps and prefix of a line that is written now. Source: s6-log(8), `t`, `T`, `p`. */
function headOf({ tai64n, local, prefix }: LineForm): Uint8Array<ArrayBuffer> {
  if (!tai64n && !local && prefix === "") return NO_HEAD;
  const now = wallclock();
  const stamps = `${tai64n ? `${formatTai64n(now)} ` : ""}${local ? `${localStamp(now)}  ` : ""}`;
  return encodePath(`${stamps}${prefix === "" ? "" : `${prefix} `}`) as Uint8Array<ArrayBuffer>;
}

function writeStatus(
  file: string,
  content: Uint8Array<ArrayBuffer>,
  { directoryFd, warn }: LoggerOptions,
): void {
  try {
    if (directoryFd !== undefined && !file.startsWith("/")) fchdir(directoryFd);
    writeFileAtomically(file, content);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    warn(`unable to write status file ${file}: ${error.message}`);
  }
}

/**
 * Takes the log directories of a script: all, or none. @throws {SyscallError} If one can't be used.
 */
function openLogdirs(
  script: LogScript,
  options: LoggerOptions,
  onProgress: () => void,
): readonly Logdir[] {
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
 * What is stored elsewhere too may be left out for a reader who is stuck; where he is the only one,
 * the service waits for him, as it would if it wrote to him itself.
 */
function leavingOut(script: LogScript, form: ServiceLineForm): Pick<SinkOptions, "leftOut"> {
  const actions = script.stanzas.flatMap((stanza) => stanza.actions);
  if (actions.every(({ kind }) => kind === "container")) return {};
  const forms = actions.flatMap((action) => action.kind === "container" ? [action.form] : []);
  const output = forms.find(({ kind }) => kind === "json") ?? forms[0];
  if (output === undefined) return {};
  return {
    leftOut: (count) =>
      containerNote(`${count} lines are left out here, since nobody read`, output, form),
  };
}

/** The outputs that a script uses: most use none. */
function outputsOf(
  script: LogScript,
  { stdout, container, form, keep }: LoggerOptions,
  onProgress: () => void,
): {
  readonly writers: Pick<LogSinks, "stdout" | "container">;
  readonly outputs: readonly OutputSink[];
  readonly usesContainer: boolean;
} {
  const uses = (kind: LogAction["kind"]): boolean =>
    script.stanzas.some(({ actions }) => actions.some((action) => action.kind === kind));
  const stdoutSink = uses("stdout") ? stdout().sink({ onProgress }) : undefined;
  const containerSink = uses("container")
    ? container().sink({ onProgress, ...leavingOut(script, form()) })
    : undefined;
  return {
    writers: {
      stdout: (lines) => stdoutSink?.append(lines),
      container: (block, deliveries) => {
        keep?.(block);
        containerSink?.append(containerLines(block, deliveries, form()));
      },
    },
    outputs: [stdoutSink, containerSink].filter((sink) => sink !== undefined),
    usesContainer: containerSink !== undefined,
  };
}

/**
 * Opens everything that `script` writes to. The input is the logger's from then on, unless this
 * throws.
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
  const { writers, outputs, usesContainer } = outputsOf(script, options, onProgress);
  const input = new DescriptorInput(options.inputFd, {
    poller,
    onReadable: () => engine.onReadable(),
    ...(options.leaveStuckOutput ? { onHangup: () => engine.onHangup() } : {}),
    warn,
  });
  const sinks: LogSinks = {
    logdir: (index, lines) => logdirs[index]!.append(lines),
    ...writers,
    alert: options.alert,
    status: (file, content) => writeStatus(file, content, options),
    head: options.head ?? headOf,
    ...(options.onSlow === undefined ? {} : { slow: options.onSlow }),
  };
  const hasPatterns = script.stanzas.some(({ selections }) =>
    selections.some(({ kind }) => kind !== "f")
  );
  const engine: LogEngine = new LogEngine(script, {
    ...options,
    ...(usesContainer || hasPatterns ? { blockBytes: SMALL_BLOCK } : {}),
  }, {
    input,
    logdirs,
    outputs,
    sinks,
  });
  opened.move();
  return { engine, start: () => input.start() };
}
