/** hexad serve: a tree of services for browsers and programs, over HTTP. */
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import {
  type NamedTable,
  SCANDIR_OPTION,
  SCANDIR_VARIABLE,
} from "../../../lib/core/cli/option_table.ts";
import {
  DEFAULT_LISTEN,
  isLoopback,
  parseListenAddress,
} from "../../../lib/serve/core/listen_address.ts";
import { serve } from "../../../lib/serve/serve.ts";
import { ServedTree } from "../../../lib/serve/served_tree.ts";
import type { Context } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { chosenScandir } from "../service_operands.ts";

export const table = {
  summary:
    "Serves what hexad status and its like show as JSON over HTTP, until it is ended; for nobody but this machine. It changes nothing.",
  usage: "[-l ADDRESS] [-H NAME]... [-S DIR]",
  operands: "none",
  options: [
    {
      short: "l",
      long: "listen",
      arg: "ADDRESS",
      kind: "text",
      text: `127.0.0.1:PORT, [::1]:PORT or unix:/PATH; default ${DEFAULT_LISTEN}`,
    },
    {
      short: "H",
      long: "host",
      arg: "NAME",
      kind: "text",
      repeatable: true,
      text: "a name under which it may be asked, besides localhost and IP addresses",
    },
    SCANDIR_OPTION,
  ],
  exits: [
    ["100", "wrong usage, or no scan directory"],
    ["111", "system call failed: the address is in use, say"],
  ],
  example: "hexad serve --listen unix:/run/hexad.sock",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { value, values } = parseArguments(context.argv, table);
  const text = value("listen") ?? DEFAULT_LISTEN;
  const address = parseListenAddress(text);
  if (address === undefined) {
    throw new UsageError(`no address: ${text} (127.0.0.1:9266, [::1]:9266, unix:/run/hexad.sock)`);
  }
  if (!isLoopback(address)) {
    throw new UsageError(`${text} is open to other machines; 127.0.0.1, [::1] and unix: are not`);
  }
  const scandir = chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE));
  return await serve({
    address,
    hosts: values("host"),
    tree: new ServedTree(scandir),
    warn: context.warn,
    info: context.info,
  });
}
