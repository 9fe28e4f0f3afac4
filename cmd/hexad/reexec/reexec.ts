/** hexad reexec: s6-svscan becomes the program that now stands at its path. */
import { EXIT_TIMED_OUT } from "../../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { adoptionAnswer, CAN_ADOPT_OPTION } from "../../../lib/scandir/core/can_adopt.ts";
import { HANDOVER_FORM } from "../../../lib/scandir/core/handover.ts";
import { readReexec, type ReexecRecord } from "../../../lib/scandir/reexec_record.ts";
import { SVSCAN_CTLDIR } from "../../../lib/scandir/core/svscan_names.ts";
import type { Context } from "../../context.ts";
import { Failure } from "../../context.ts";
import { VERSION } from "../../version_number.ts";
import { parseArguments } from "../arguments.ts";
import { SCAN_EXITS, scandirOf, tellScanner } from "../scanner/order.ts";

/** More than s6-svscan gives the new program for its answer. */
const LIMIT_MS = 60_000;
const EXIT_REFUSED = 1;
const REEXEC_LETTER = "e";

export const table = {
  summary:
    "Has s6-svscan become the program that now stands at its path, as the same process: no service notices. Waits until the new one works, and tells versions and pause. The same as s6-svscanctl -e.",
  usage: "[-S DIR]",
  operands: "none",
  options: [SCANDIR_OPTION],
  exits: [
    ["0", "the new program works in the place of the old one"],
    ["1", "it was refused or failed, for the reason that is told; everything goes on as before"],
    ["99", "s6-svscan did not answer within a minute"],
    ...SCAN_EXITS.slice(1),
  ],
  example: "hexad reexec -S /run/service",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const [word, form, ...rest] = context.argv;
  if (word === CAN_ADOPT_OPTION && form !== undefined && rest.length === 0) {
    if (form !== String(HANDOVER_FORM)) return EXIT_REFUSED;
    context.out(adoptionAnswer(VERSION, HANDOVER_FORM));
    return 0;
  }
  const scandir = scandirOf(context, parseArguments(context.argv, table));
  const record = await outcome(scandir);
  if (record === undefined) {
    throw new Failure(EXIT_TIMED_OUT, `s6-svscan of ${scandir} does not answer (see its log)`);
  }
  if ("refused" in record) throw new Failure(EXIT_REFUSED, record.refused);
  const { from, to, pauseMs } = record;
  context.out(
    `${
      printable(scandir)
    }: version ${to} goes on in the place of version ${from} after ${pauseMs} ms\n`,
  );
  return 0;
}

/** Asks for it, and waits for the record that follows. */
async function outcome(scandir: string): Promise<ReexecRecord | undefined> {
  const before = readReexec(scandir)?.at;
  const news = (): ReexecRecord | undefined => {
    const record = readReexec(scandir);
    return record?.at === before ? undefined : record;
  };
  const watcher = Deno.watchFs(`${scandir}/${SVSCAN_CTLDIR}`, { recursive: false });
  const changes = watcher[Symbol.asyncIterator]();
  const { promise: limit, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), LIMIT_MS);
  try {
    tellScanner(scandir, REEXEC_LETTER);
    for (let record = news();; record = news()) {
      if (record !== undefined) return record;
      if (await Promise.race([changes.next(), limit]) === undefined) return undefined;
    }
  } finally {
    clearTimeout(timer);
    watcher.close();
  }
}
