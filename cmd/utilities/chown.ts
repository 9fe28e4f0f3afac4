/**
 * s6-chown: changes owner and group of a file. Source: s6-portable-utils, doc/s6-chown.html,
 * s6-chown.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { checked } from "../../lib/libc/bind.ts";
import { chown } from "../../lib/libc/file.ts";
import { type Context, Failure } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const UNCHANGED = -1;

export const table = {
  summary:
    "Changes owner and group of a file, or of what a symbolic link points to. What is not given stays as it is.",
  usage: "[ -U ] [ -u uid ] [ -g gid ] file",
  options: [
    {
      short: "u",
      arg: "UID",
      text: "the owner, a number",
      means: (text: string) => ({ uid: parseId("uid", text) }),
    },
    {
      short: "g",
      arg: "GID",
      text: "the group, a number",
      means: (text: string) => ({ gid: parseId("gid", text) }),
    },
    {
      short: "U",
      text: "both, as the variables UID and GID say, which s6-envuidgid sets",
      means: (_: string, { env }: Settings) => ({
        uid: idFromEnvironment(env, "UID"),
        gid: idFromEnvironment(env, "GID"),
      }),
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-envuidgid www s6-chown -U /run/www",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { rows, operands } = readCommandLine(context.argv, table);
  const { uid, gid } = settingsOf<Settings>(rows(), {
    uid: UNCHANGED,
    gid: UNCHANGED,
    env: context.env,
  });
  const [file] = operands;
  if (file === undefined) throw new UsageError("no file given");
  checked(`chown ${file}`, chown(file, uid, gid));
  return 0;
}

interface Settings {
  readonly uid: number;
  readonly gid: number;
  readonly env: Context["env"];
}

function parseId(what: string, text: string): number {
  const id = parseUint(text);
  if (id === undefined) throw new UsageError(`invalid ${what}: ${text}; a number is wanted`);
  return id;
}

function idFromEnvironment(env: Context["env"], variable: string): number {
  const value = env.get(variable);
  if (value === undefined) {
    throw new Failure(EXIT_USAGE, `${variable} is not set; s6-envuidgid sets it`);
  }
  const id = parseUint(value);
  if (id === undefined) throw new Failure(EXIT_USAGE, `${variable} is no number: ${value}`);
  return id;
}
