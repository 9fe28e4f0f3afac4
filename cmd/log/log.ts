/** s6-log: reads lines and stores them as a logging script says. Source: s6, doc/s6-log.html. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { EAGAIN, EINTR } from "../../lib/core/linux/errno.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { LOG_OPTIONS } from "../../lib/logdir/core/log_options.ts";
import { loggerArguments } from "../../lib/logdir/core/logger_command.ts";
import type { LogScript, Stanza } from "../../lib/logdir/core/log_script.ts";
import { parseLogScript } from "../../lib/logdir/core/parse_log_script.ts";
import { LogScriptError } from "../../lib/logdir/core/log_control.ts";
import { serviceOfLogger } from "../../lib/logreader/core/service_line.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { workingDirectory } from "../../lib/libc/cwd.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { Poller } from "../../lib/libc/epoll.ts";
import { poll, POLLOUT } from "../../lib/libc/fd.ts";
import { close, write } from "../../lib/libc/file.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { Ere } from "../../lib/libc/regex.ts";
import { raiseNofileLimit } from "../../lib/libc/resource_limit.ts";
import type { LogEngine } from "../../lib/logdir/engine.ts";
import { GATHER_MS } from "../../lib/logdir/input.ts";
import { descriptorOutput, lineForm } from "../../lib/logdir/descriptor_output.ts";
import { openLogger } from "../../lib/logdir/logger.ts";
import { SharedOutput } from "../../lib/logdir/shared_output.ts";
import { spreadLastNet } from "../../lib/mishap/last_net.ts";
import type { Mishaps } from "../../lib/mishap/mishaps.ts";
import { Reaper } from "../../lib/processes/reaper.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { logHostArguments } from "./log_host_command.ts";

export const table = {
  summary: "read lines from standard input and log them: select, stamp, rotate, process, archive",
  usage:
    "[ -d notif ] [ -q | -v ] [ -b ] [ -p ] [ -l linelimit ] [ -t lastlinetimeout ] [ -- ] logging_script...",
  options: LOG_OPTIONS,
  exits: [["0", "end of input, or told to end"], ["100", "wrong usage or wrong script"], [
    "111",
    "a system call failed at the start",
  ]],
  example: "s6-log -- T n20 s1000000 /var/log/web",
} as const satisfies CommandTable;

const STDERR = 2;
/** Log directories from which on the usual limit of 1024 descriptors may not do. */
const MANY = 100;

function checkNotificationFd(fd: number): void {
  if (fd < 3) throw new Failure(EXIT_USAGE, "notification fd must be 3 or more");
  if (!isInherited(fd)) {
    throw new Failure(EXIT_USAGE, `invalid notification fd: descriptor ${fd} is not open`);
  }
}

/** What the C library has against a regular expression. */
function patternFault(pattern: string): string | undefined {
  try {
    using _compiled = new Ere(pattern, { lines: true });
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return error.message;
    throw error;
  }
}

function readScript(directives: readonly string[]): LogScript {
  try {
    return parseLogScript(directives, { patternFault });
  } catch (error) {
    throw error instanceof LogScriptError ? new Failure(EXIT_USAGE, error.message) : error;
  }
}

function writesToContainer({ actions }: Stanza): boolean {
  return actions.some(({ kind }) => kind === "container");
}

/** A removed directory has no logger. */
function serviceHere(): string {
  try {
    return serviceOfLogger(workingDirectory());
  } catch (error) {
    if (error instanceof SyscallError) return "";
    throw error;
  }
}

function listenToSignals({ engine, reaper, mishaps, protect }: {
  readonly engine: LogEngine;
  readonly reaper: Reaper;
  readonly mishaps: Mishaps;
  readonly protect: boolean;
}): void {
  const on = (signal: Deno.Signal, action: () => void): void =>
    Deno.addSignalListener(signal, () => void mishaps.survives(action));
  on("SIGCHLD", () => reaper.reap());
  on("SIGALRM", () => engine.rotate());
  on("SIGHUP", () => engine.stop());
  on("SIGTERM", () => {
    if (!protect) engine.stop();
  });
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

export async function main(context: Context): Promise<number> {
  const hosting = logHostArguments(context.argv);
  if (hosting !== undefined) return (await import("./log_host.ts")).runLogHost(hosting);
  const { options: settings, directives } = loggerArguments(context.argv);
  if (settings.notificationFd !== undefined) checkNotificationFd(settings.notificationFd);
  const script = readScript(directives);
  if (script.logdirs.length > MANY) raiseNofileLimit();
  outliveFileSizeLimit();
  const warn = (text: string) => {
    if (settings.verbosity > 0) context.warn(text);
  };
  for (const text of script.warnings) warn(text);
  const mishaps = spreadLastNet(context.warn);
  const onMishap = (error: unknown): void => mishaps.tell(error);
  const poller = new Poller({ restMs: GATHER_MS, onMishap });
  const reaper = new Reaper(poller.portions, { onMishap });
  const alertHead = new TextEncoder().encode(`${context.program}: alert: `);
  const stdout = new SharedOutput(descriptorOutput(1, poller, warn));
  const form = script.stanzas.some(writesToContainer)
    ? lineForm(serviceHere(), 1)
    : { service: "" };
  const logger = openLogger(script, {
    ...settings,
    inputFd: 0,
    stdout: () => stdout,
    container: () => stdout,
    form: () => form,
    poller,
    reaper,
    warn,
    alert: (line) => {
      const bytes = new Uint8Array(alertHead.length + line.length);
      bytes.set(alertHead);
      bytes.set(line, alertHead.length);
      writeAlert(bytes);
    },
    onDone: () => poller.stop(),
  });
  listenToSignals({ engine: logger.engine, reaper, mishaps, protect: settings.protect });
  if (settings.notificationFd !== undefined) {
    write(settings.notificationFd, new Uint8Array([10]));
    close(settings.notificationFd);
  }
  logger.start();
  await mishaps.outlast(poller.run(), () => poller.run());
  return 0;
}
