/** homeof: prints a user's home directory. Source: execline, doc/homeof.html. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { homeOfUser } from "../../lib/core/accounts/account_files.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { passwdText } from "../../lib/credentials/account_texts.ts";
import { type Context, Failure } from "../context.ts";
import { printLine } from "../utilities/print_line.ts";

export const table = {
  summary: "Prints a user's home directory.",
  usage: "user",
  options: [],
  exits: [["0", "success"], ["100", "wrong usage"], [
    "111",
    "no such user, or a system call failed",
  ]],
  example: "backtick -E HOME { homeof www } cd $HOME ./server",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [user] = context.argv;
  if (user === undefined) throw new UsageError("no user given");
  const home = homeOfUser(passwdText(), user);
  if (home === undefined) {
    throw new Failure(EXIT_SYSTEM, `unable to get passwd entry for ${user}: no such user`);
  }
  printLine(context, encodePath(home), { newline: true });
  return 0;
}
