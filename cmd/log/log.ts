/** s6-log: reads lines and stores them as a logging script says. Source: s6, doc/s6-log.html. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { LOG_OPTIONS } from "../../lib/logdir/core/log_options.ts";
import { loggerArguments } from "../../lib/logdir/core/logger_command.ts";
import type { LogScript, Stanza } from "../../lib/logdir/core/log_script.ts";
import { parseLogScript } from "../../lib/logdir/core/parse_log_script.ts";
import { LogScriptError } from "../../lib/logdir/core/log_control.ts";
import { serviceOfLogger } from "../../lib/logreader/core/service_line.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { workingDirectory } from "../../lib/libc/cwd.ts";
import { close, write } from "../../lib/libc/file.ts";
import { isInherited } from "../../lib/libc/replace_descriptors.ts";
import { Ere } from "../../lib/libc/regex.ts";
import { lineForm } from "../../lib/logdir/descriptor_output.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { logHostArguments } from "./log_host_command.ts";
import { runLogger } from "./run_logger.ts";

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

export async function main(context: Context): Promise<number> {
  const hosting = logHostArguments(context.argv);
  if (hosting !== undefined) return (await import("./log_host.ts")).runLogHost(hosting);
  const { options: settings, directives } = loggerArguments(context.argv);
  const { notificationFd, protect } = settings;
  if (notificationFd !== undefined) checkNotificationFd(notificationFd);
  const script = readScript(directives);
  const form = script.stanzas.some(writesToContainer)
    ? lineForm(serviceHere(), 1)
    : { service: "", colours: false };
  await runLogger(context, script, {
    ...settings,
    form: () => form,
    warn: (text) => {
      if (settings.verbosity > 0) context.warn(text);
    },
    alertHead: `${context.program}: alert: `,
    signals: {
      SIGALRM: (engine) => engine.rotate(),
      SIGHUP: (engine) => engine.stop(),
      SIGTERM: (engine) => {
        if (!protect) engine.stop();
      },
    },
    onOpen: () => {
      if (notificationFd === undefined) return;
      write(notificationFd, new Uint8Array([10]));
      close(notificationFd);
    },
  });
  return 0;
}
