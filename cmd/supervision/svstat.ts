/**
 * s6-svstat: tells the state of a service. Source: s6, doc/s6-svstat.html, supervision/s6-svstat.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { reasonOf } from "../../lib/servicedir/core/death_reasons.ts";
import { ENOENT } from "../../lib/core/linux/errno.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import type { Svstatus } from "../../lib/servicedir/core/svstatus.ts";
import type { ServiceView, SvstatField } from "../../lib/servicedir/core/svstat_line.ts";
import {
  isSvstatField,
  isUp,
  MAX_SVSTAT_FIELDS,
  SVSTAT_FIELDS,
  svstatLine,
} from "../../lib/servicedir/core/svstat_line.ts";
import { checked } from "../../lib/libc/bind.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { isSupervised, readStatus } from "../../lib/servicedir/client.ts";
import { readReasons } from "../../lib/servicedir/death_reasons.ts";
import { readDtally } from "../../lib/servicedir/death_tally.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { SVSTAT_OPTIONS } from "./svstat_options.ts";

const EXIT_NOT_RUNNING = 1;

export const table = {
  summary:
    "Tells the state of a service: a line for people, or the fields that were asked for, in that order.",
  usage: "[ -uwNrpgest | -o fields ] [ -n ] servicedir",
  options: SVSTAT_OPTIONS,
  exits: [["0", "success"], ["1", "no supervisor runs on the service directory"], [
    "100",
    "wrong usage",
  ], ["111", "system call failed"]],
  example: "s6-svstat -o up,ready /run/service/db",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { flag, rows, operands } = readCommandLine(context.argv, table);
  const fields = rows().flatMap(({ row, value }): readonly SvstatField[] =>
    "means" in row ? row.means : listedFields(value)
  );
  if (fields.length > MAX_SVSTAT_FIELDS) throw new Failure(EXIT_USAGE, "too many option fields");
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no service directory given");
  if (!isSupervised(dir)) {
    throw new Failure(
      EXIT_NOT_RUNNING,
      `unable to read status for ${dir}: s6-supervise not running`,
    );
  }
  const status = statusOf(dir);
  const view: ServiceView = {
    status,
    now: wallclock(),
    normallyUp: isNormallyUp(dir),
    reason: isUp(status) ? undefined : reasonOf(readReasons(dir), status.stamp),
    deaths: () => readDtally(dir).length,
  };
  const signalNumbers = flag("n");
  context.out(
    fields.length === 0
      ? `${svstatLine(view, { signalNumbers })}\n`
      : `${fieldsLine(fields, view)}\n`,
  );
  return 0;
}

function listedFields(text: string): SvstatField[] {
  const names = text.split(",");
  if (names.at(-1) === "") names.pop();
  return names.map((candidate) => {
    if (!isSvstatField(candidate)) {
      throw new Failure(EXIT_USAGE, `invalid option field: ${candidate}`);
    }
    return candidate;
  });
}

function fieldsLine(fields: readonly SvstatField[], view: ServiceView): string {
  return fields.map((field) => SVSTAT_FIELDS[field](view)).join(" ");
}

function statusOf(dir: string): Svstatus {
  try {
    return readStatus(dir);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Failure(EXIT_SYSTEM, `unable to read status for ${dir}: ${error.message}`);
    }
    throw error;
  }
}

function isNormallyUp(dir: string): boolean {
  const file = `${dir}/down`;
  const found = access(file, F_OK);
  if (found === -ENOENT) return true;
  checked(`access ${file}`, found);
  return false;
}
