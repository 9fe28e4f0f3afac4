/** hexad serve: a tree of services for browsers and programs, over HTTP. */
import { EXIT_SYSTEM } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import { type NamedTable, SCANDIR_VARIABLE } from "../../../lib/core/cli/option_table.ts";
import { DEFAULT_LISTEN } from "../../../lib/serve/core/listen_address.ts";
import { ListenError } from "../../../lib/serve/listen.ts";
import { serve } from "../../../lib/serve/serve.ts";
import { ServedTree } from "../../../lib/serve/served_tree.ts";
import { type Context, Failure } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { notificationFdOf, notify } from "../program/notification_fd.ts";
import { chosenScandir } from "../service_operands.ts";
import { SERVE_OPTIONS } from "./serve_options.ts";
import { settingsFrom } from "./serve_settings.ts";

export const table = {
  summary:
    "Serves what hexad status, logs, events and their like show, as JSON and as a page, over HTTP until it is ended. Without more options only this machine may ask, and nothing can be changed.",
  usage:
    "[-l ADDRESS] [-g GROUP] [-H NAME]... [-t FILE] [-a LIST] [--tls-cert FILE --tls-key FILE] [-D FD] [-S DIR]",
  operands: "none",
  options: SERVE_OPTIONS,
  exits: [
    ["100", "wrong usage, or no scan directory"],
    ["111", "system call failed: the address is in use, say"],
  ],
  example: "hexad serve\nhexad serve --listen unix:/run/hexad.sock --group ops --allow restart",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const { value } = given;
  if (value("tls-client-ca") !== undefined) {
    throw new UsageError(
      "--tls-client-ca: this runtime's Deno.listenTls can't ask clients for certificates, so anybody would be let in; let a proxy do it, and serve it with --listen unix:/PATH",
    );
  }
  const settings = settingsFrom(context, given);
  const told = notificationFdOf(value("notification-fd"));
  const scandir = chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE));
  try {
    await serve({
      settings,
      tree: new ServedTree(scandir),
      warn: context.warn,
      info: context.info,
      onListening: () => {
        if (told !== undefined) notify(told, "");
      },
    });
    return 0;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    throw new Failure(
      EXIT_SYSTEM,
      `unable to listen at ${value("listen") ?? DEFAULT_LISTEN}: ${error.message}`,
    );
  }
}
