/** s6-hostname: the machine's name. Source: s6-linux-utils, doc/s6-hostname.html, s6-hostname.c. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import { checked } from "../../lib/libc/bind.ts";
import { hostname, setHostname } from "../../lib/libc/machine/host.ts";
import type { Context } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";

export const table = {
  summary: "Prints the machine's host name, or sets it.",
  usage: "[ name ]",
  options: [],
  exits: USUAL_EXITS,
  example: "s6-hostname web1",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const [name] = context.argv;
  if (name === undefined) context.out(encodePath(`${hostname()}\n`));
  else checked("set hostname", setHostname(name));
  return 0;
}
