/** s6-mkdir: makes directories. Source: s6-portable-utils, doc/s6-mkdir.html, s6-mkdir.c. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { parseMode } from "../../lib/core/linux/file_mode.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { type DirectoryRequest, makeDirectory } from "../../lib/files/make_directory.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { withUmask } from "../../lib/libc/cwd.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

const DEFAULT_MODE = 0o777;

export const table = {
  summary: "Makes directories.",
  usage: "[ -p ] [ -v ] [ -m mode ] dir...",
  options: [
    {
      short: "p",
      text:
        "make missing directories above them too, with the same mode; one that is there is no error",
    },
    { short: "v", text: "tell on standard error what was made" },
    {
      short: "m",
      arg: "MODE",
      text: "their permissions, an octal number that the umask does not change",
    },
  ],
  exits: USUAL_EXITS,
  example: "s6-mkdir -p -m 0700 /run/www/sessions",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const mode = modeFrom(value("m"));
  const onMade = flag("v")
    ? (path: string): void => context.info(`created directory ${path}`)
    : () => {};
  const request = { mode: mode ?? DEFAULT_MODE, parents: flag("p"), onMade };
  const make = (): number => makeAll(context, operands, request);
  return mode === undefined ? make() : withUmask(0, make);
}

function modeFrom(text: string | undefined): number | undefined {
  const mode = text === undefined ? undefined : parseMode(text);
  if (text !== undefined && mode === undefined) {
    throw new UsageError(`invalid mode: ${text}; an octal number is wanted, like 0755`);
  }
  return mode;
}

/** One that can't be made does not keep the others from being made. */
function makeAll(context: Context, paths: readonly string[], request: DirectoryRequest): number {
  let code = 0;
  for (const path of paths) {
    try {
      makeDirectory(path, request);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      context.warn(error.message);
      code = EXIT_SYSTEM;
    }
  }
  return code;
}
