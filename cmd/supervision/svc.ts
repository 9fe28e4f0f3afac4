/** s6-svc: sends commands to supervisors. Source: s6, doc/s6-svc.html, supervision/s6-svc.c. */
import { SUPERVISE_DIRECTORY } from "../../lib/servicedir/core/supervise_files.ts";
import { EXIT_NOT_SUPERVISED, EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { ENOENT } from "../../lib/core/linux/errno.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { SIGNAL_LETTERS } from "../../lib/servicedir/core/control_letters.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import {
  type Given,
  type GivenRow,
  readCommandLine,
  type SettingRow,
  settingsOf,
} from "../../lib/core/cli/given.ts";
import { signalName, signalNumber } from "../../lib/core/linux/signals.ts";
import type { Wanted } from "../../lib/servicedir/core/svwait_state.ts";
import { checked, SyscallError } from "../../lib/libc/bind.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import type { SendReport } from "../../lib/servicedir/command_and_wait.ts";
import { sendCommands } from "../../lib/servicedir/client.ts";
import { isHostedLog } from "../../lib/servicedir/hosted_log.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { SVC_LETTERS } from "./svc_letters.ts";

const EXIT_BROKEN = 1;
const MAX_COMMANDS = 62;

export const table = {
  summary:
    "Sends commands, in the order given, to the supervisors of service directories; without a command, asks whether they listen.",
  usage:
    "[ -wu | -wU | -wd | -wD | -wr | -wR ] [ -T timeout ] [ -s signal | -abqhkti12pcyrlPCK ] [ -oduDUxOQ ] servicedirs...",
  options: [
    ...SVC_LETTERS,
    {
      short: "s",
      arg: "SIGNAL",
      text: "send the signal of that name or number, one of those above",
      means: (text: string, { commands }: Request) => ({ commands: commands + signalLetter(text) }),
    },
    {
      short: "w",
      arg: "STATE",
      text:
        "wait until all are u up, U up and ready, d down, D down and finished, r restarted, R restarted and ready",
      means: (text: string) => ({ wanted: parseWanted(text) }),
    },
    {
      short: "T",
      arg: "MS",
      text: "give up waiting after so many milliseconds; 0, the default: never",
      means: (text: string) => ({ timeoutMs: parseTimeout(text) }),
    },
  ],
  exits: [
    ["0", "success"],
    [
      "1..",
      "a supervise directory is broken; with -w, how many services failed for good or lost their supervisor",
    ],
    ["99", "timed out"],
    ["100", "wrong usage"],
    ["102", "a service directory is not supervised"],
    ["111", "system call failed"],
  ],
  example: "s6-svc -wU -T 5000 -u /run/service/db",
} as const satisfies CommandTable;

interface Request {
  readonly commands: string;
  readonly wanted: Wanted | undefined;
  readonly timeoutMs: number;
}

const NOTHING: Request = { commands: "", wanted: undefined, timeoutMs: 0 };

export async function main(context: Context): Promise<number> {
  const given = readCommandLine(context.argv, table);
  const { commands, wanted, timeoutMs } = requestOf(given);
  const { operands } = given;
  const [first] = operands;
  if (first === undefined) throw new UsageError("no service directory given");
  if (first === "") throw new Failure(EXIT_USAGE, "invalid service path");
  const send = (): SendReport => sendToAll(context, operands, commands);
  if (wanted === undefined) return send().code;
  const reachable = withoutReadiness(context, first, wanted);
  // only -w needs what this brings along
  const { commandAndWait } = await import("../../lib/servicedir/command_and_wait.ts");
  const { code, failure } = await commandAndWait(operands, {
    wanted: reachable,
    timeoutMs,
    send: commands === "" ? () => ({ code: 0, failed: [] }) : send,
  });
  if (failure !== undefined) throw new Failure(code, failure);
  return code;
}

function requestOf({ rows }: Given<typeof table.options[number]>): Request {
  const request = settingsOf<Request>(rows().map(withCommand), NOTHING);
  if (request.commands.length > MAX_COMMANDS) throw new Failure(EXIT_USAGE, "too many commands");
  return request;
}

/** Options that set nothing else are commands, which go to the supervisor as they are. */
function withCommand(
  { row, value }: GivenRow<typeof table.options[number]>,
): GivenRow<SettingRow<Request>> {
  if ("means" in row) return { row, value };
  const means = (_: string, { commands }: Request) => ({ commands: commands + row.short });
  return { row: { ...row, means }, value };
}

function parseTimeout(text: string): number {
  const timeoutMs = parseUint(text);
  if (timeoutMs === undefined) throw new UsageError(`invalid timeout: ${text}`);
  return timeoutMs;
}

/** Like C, looks at the first character only. */
function parseWanted(text: string): Wanted {
  const wanted = text.charAt(0);
  if (wanted === "" || !"dDuUrR".includes(wanted)) {
    throw new UsageError(`invalid state to wait for: ${text}`);
  }
  return wanted as Wanted;
}

function signalLetter(text: string): string {
  const signal = signalNumber(text);
  if (signal === undefined) throw new Failure(EXIT_USAGE, `invalid signal: ${text}`);
  const letter = SIGNAL_LETTERS[signalName(signal)];
  if (letter === undefined) {
    throw new Failure(EXIT_USAGE, `${text} is not in the list of user-available signals`);
  }
  return letter;
}

/**
 * A service that never tells its readiness can't be waited for that long: the state to wait for
 * instead.
 */
function withoutReadiness(context: Context, dir: string, wanted: Wanted): Wanted {
  if (wanted !== "U" && wanted !== "R") return wanted;
  const file = `${dir}/notification-fd`;
  const found = access(file, F_OK);
  if (found === -ENOENT && isHostedLog(dir)) return wanted; // it tells by itself
  if (found !== -ENOENT) {
    checked(`access ${file}`, found);
    return wanted;
  }
  context.warn(`${file} not present - ignoring request for readiness notification`);
  return wanted === "U" ? "u" : "r";
}

/** Sends the commands everywhere, whatever fails; the last failure decides the code. */
function sendToAll(context: Context, dirs: readonly string[], commands: string): SendReport {
  let code = 0;
  const failed: string[] = [];
  for (const dir of dirs) {
    const failure = sendToOne(context, dir, commands);
    if (failure === 0) continue;
    code = failure;
    failed.push(dir);
  }
  return { code, failed };
}

function sendToOne(context: Context, dir: string, commands: string): number {
  try {
    const answer = sendCommands(dir, SUPERVISE_DIRECTORY, commands);
    switch (answer.kind) {
      case "ok":
        return 0;
      case "not listening":
        context.warn(`unable to control ${dir}: supervisor not listening`);
        return EXIT_NOT_SUPERVISED;
      case "broken":
        context.warn(
          `something is wrong with the ${dir}/${SUPERVISE_DIRECTORY} directory: ${answer.reason}`,
        );
        return EXIT_BROKEN;
    }
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    context.warn(error.message);
    return EXIT_SYSTEM;
  }
}
