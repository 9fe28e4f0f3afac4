/** hexad shutdown: everything stops, and s6-svscan ends. */
import { SVSCAN_CTLDIR } from "../../../lib/scandir/core/svscan_names.ts";
import { EXIT_TIMED_OUT } from "../../../lib/core/cli/exit_codes.ts";
import { humanTimeout } from "../../../lib/core/time/human_units.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION } from "../../../lib/core/cli/option_table.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { checked } from "../../../lib/libc/bind.ts";
import { lockFdWithin } from "../../../lib/libc/lock.ts";
import { tryOpenLock } from "../../../lib/servicedir/client.ts";
import type { Context } from "../../context.ts";
import { Failure } from "../../context.ts";
import { parseArguments } from "../arguments.ts";
import { SCAN_EXITS, scandirOf, tellScanner } from "./order.ts";
import { timeoutOf, WAIT_OPTIONS } from "../service_action.ts";

/** How s6-svscan spells "no limit". */
const NO_LIMIT_MS = 2 ** 32 - 1;

export const table = {
  summary:
    "Stops all services, lets their loggers read to the end, and ends s6-svscan; where that is PID 1, the container. The same as s6-svscanctl -t.",
  usage: "[-q] [-w] [-t TIME] [-S DIR]",
  operands: "none",
  options: [
    { short: "q", long: "quit", text: "stop loggers at once, too; as s6-svscanctl -q" },
    ...WAIT_OPTIONS,
    SCANDIR_OPTION,
  ],
  exits: [
    ["0", "s6-svscan has been told; with --wait: it has ended"],
    ["99", "with --wait: the time was up"],
    ...SCAN_EXITS.slice(1),
  ],
  example: "hexad shutdown --wait",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const timeoutMs = timeoutOf(given);
  const scandir = scandirOf(context, given);
  // opened before the order: a scan directory may be gone when its s6-svscan is
  const lock = timeoutMs === undefined ? undefined : tryOpenLock(scandir, SVSCAN_CTLDIR);
  tellScanner(scandir, given.flag("quit") ? "q" : "t");
  if (lock === undefined || timeoutMs === undefined) {
    context.out(`${printable(scandir)}: told to shut down\n`);
    return 0;
  }
  // s6-svscan holds the lock as long as it lives
  const ended = await lockFdWithin(checked(`wait for ${scandir}`, lock), {
    exclusive: false,
    timeoutMs: timeoutMs === 0 ? NO_LIMIT_MS : timeoutMs,
  });
  if (!ended) {
    throw new Failure(
      EXIT_TIMED_OUT,
      `${printable(scandir)} still runs after ${
        humanTimeout(timeoutMs)
      }; hexad status shows what it waits for`,
    );
  }
  context.out(`${printable(scandir)}: shut down\n`);
  return 0;
}
