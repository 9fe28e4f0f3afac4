/** Runs a logger on standard input until its end, or until it is told to end. */
import { EAGAIN, EINTR } from "../../lib/core/linux/errno.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { Poller } from "../../lib/libc/epoll.ts";
import { poll, POLLOUT } from "../../lib/libc/fd.ts";
import { write } from "../../lib/libc/file.ts";
import { raiseNofileLimit } from "../../lib/libc/resource_limit.ts";
import type { LogScript } from "../../lib/logdir/core/log_script.ts";
import { descriptorOutput } from "../../lib/logdir/descriptor_output.ts";
import type { LogEngine } from "../../lib/logdir/engine.ts";
import { GATHER_MS } from "../../lib/logdir/input.ts";
import { type LoggerOptions, openLogger } from "../../lib/logdir/logger.ts";
import { SharedOutput } from "../../lib/logdir/shared_output.ts";
import { spreadLastNet } from "../../lib/mishap/last_net.ts";
import { Reaper } from "../../lib/processes/reaper.ts";
import type { Context } from "../context.ts";

const STDERR = 2;
/** Log directories from which on the usual limit of 1024 descriptors may not do. */
const MANY = 100;

export interface LoggerRun extends
  Pick<
    LoggerOptions,
    "lineLimit" | "holdBack" | "lastLineMs" | "head" | "prepare" | "form" | "warn"
  > {
  /** What lines on standard error begin with. */
  readonly alertHead: string;
  /** What signals do, besides SIGCHLD. */
  readonly signals: Readonly<Partial<Record<Deno.Signal, (engine: LogEngine) => void>>>;
  /** Called when everything is open, before the first line is read. */
  readonly onOpen?: () => void;
}

export async function runLogger(
  context: Context,
  script: LogScript,
  { alertHead, signals, onOpen, ...options }: LoggerRun,
): Promise<void> {
  if (script.logdirs.length > MANY) raiseNofileLimit();
  outliveFileSizeLimit();
  for (const text of script.warnings) options.warn(text);
  const mishaps = spreadLastNet(context.warn);
  const onMishap = (error: unknown): void => mishaps.tell(error);
  const poller = new Poller({ restMs: GATHER_MS, onMishap });
  const reaper = new Reaper(poller.portions, { onMishap });
  const head = new TextEncoder().encode(alertHead);
  const stdout = new SharedOutput(descriptorOutput(1, poller, options.warn));
  const { engine, start } = openLogger(script, {
    ...options,
    inputFd: 0,
    stdout: () => stdout,
    container: () => stdout,
    poller,
    reaper,
    alert: (line) => {
      const bytes = new Uint8Array(head.length + line.length);
      bytes.set(head);
      bytes.set(line, head.length);
      writeAlert(bytes);
    },
    onDone: () => poller.stop(),
  });
  const on = (signal: Deno.Signal, action: () => void): void =>
    Deno.addSignalListener(signal, () => void mishaps.survives(action));
  on("SIGCHLD", () => reaper.reap());
  for (const [signal, action] of Object.entries(signals)) {
    on(signal as Deno.Signal, () => action(engine));
  }
  onOpen?.();
  start();
  await mishaps.outlast(poller.run(), () => poller.run());
}

/**
 * Waits for a slow reader, as a line must not be torn. Where nobody reads any more there is nobody
 * to be told, and the log goes on.
 */
function writeAlert(line: Uint8Array<ArrayBuffer>): void {
  for (let rest = line; rest.length > 0;) {
    const count = write(STDERR, rest);
    if (count === -EAGAIN) poll([{ fd: STDERR, events: POLLOUT }], -1);
    else if (count < 0 && count !== -EINTR) return;
    else rest = rest.subarray(Math.max(0, count));
  }
}
