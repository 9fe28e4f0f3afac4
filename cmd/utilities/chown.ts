/**
 * s6-chown: changes owner and group of a file. Source: s6-portable-utils, doc/s6-chown.html,
 * s6-chown.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
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
    { short: "u", arg: "UID", text: "the owner, a number" },
    { short: "g", arg: "GID", text: "the group, a number" },
    { short: "U", text: "both, as the variables UID and GID say, which s6-envuidgid sets" },
  ],
  exits: USUAL_EXITS,
  example: "s6-envuidgid www s6-chown -U /run/www",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { options, operands } = readCommandLine(context.argv, table);
  let uid = UNCHANGED;
  let gid = UNCHANGED;
  for (const { name, value } of options) {
    if (name === "u") uid = parseId("uid", value);
    else if (name === "g") gid = parseId("gid", value);
    else [uid, gid] = [idFromEnvironment(context, "UID"), idFromEnvironment(context, "GID")];
  }
  const [file] = operands;
  if (file === undefined) throw new UsageError("no file given");
  checked(`chown ${file}`, chown(file, uid, gid));
  return 0;
}

function parseId(what: string, text: string): number {
  const id = parseUint(text);
  if (id === undefined) throw new UsageError(`invalid ${what}: ${text}; a number is wanted`);
  return id;
}

function idFromEnvironment({ env }: Context, variable: string): number {
  const value = env.get(variable);
  if (value === undefined) {
    throw new Failure(EXIT_USAGE, `${variable} is not set; s6-envuidgid sets it`);
  }
  const id = parseUint(value);
  if (id === undefined) throw new Failure(EXIT_USAGE, `${variable} is no number: ${value}`);
  return id;
}
