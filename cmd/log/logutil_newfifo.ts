/**
 * logutil-newfifo: makes a FIFO for a logger. Source: s6-overlay 3.2.3, logutil-newfifo, which
 * calls it deprecated.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { findAccount } from "../../lib/credentials/account.ts";
import { checked } from "../../lib/libc/bind.ts";
import { chmod, chown, mkfifo } from "../../lib/libc/file.ts";
import { removeTree } from "../../lib/files/remove_tree.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";

const EXIT_UNKNOWN_USER = 1;
const ROOT = { uid: 0, gid: 0 };

export const table = {
  summary: "Makes a FIFO, in place of whatever has its name. s6-mkfifo and s6-chown do the same.",
  usage: "[ -m mode ] [ -o owner ] fifo",
  options: [
    { short: "m", arg: "MODE", text: "its mode, octal (0600)" },
    { short: "o", arg: "OWNER", text: "the user that it belongs to, with his group (root)" },
  ],
  exits: [["1", "no such user"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "logutil-newfifo -o nginx /run/nginx-log",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { value, operands } = readCommandLine(context.argv, table);
  const [path] = operands;
  if (path === undefined) throw new UsageError("no FIFO given");
  const mode = value("m") ?? "0600";
  if (!/^[0-7]{1,4}$/.test(mode)) throw new UsageError(`not an octal mode: ${mode}`);
  const { uid, gid } = ownerOf(value("o") ?? "root");
  context.warn("deprecated: use s6-mkfifo and s6-chown");
  removeTree(path);
  checked(`create FIFO ${path}`, mkfifo(path, 0o600));
  checked(`chown ${path}`, chown(path, uid, gid));
  checked(`chmod ${path}`, chmod(path, parseInt(mode, 8)));
  return 0;
}

function ownerOf(name: string): { readonly uid: number; readonly gid: number } {
  const { uid, gid } = findAccount(name, { form: "account", numeric: false });
  if (uid !== undefined && gid !== undefined) return { uid, gid };
  if (name === "root") return ROOT; // an image may have no users at all
  throw new Failure(EXIT_UNKNOWN_USER, `unknown user: ${name}`);
}
