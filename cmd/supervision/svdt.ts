/** s6-svdt: prints the deaths of a service. Source: s6, doc/s6-svdt.html, supervision/s6-svdt.c. */
import { parseUint } from "../../lib/core/linux/config_file.ts";
import type { DeathReason } from "../../lib/servicedir/core/death_reasons.ts";
import { reasonOf, reasonWords } from "../../lib/servicedir/core/death_reasons.ts";
import type { Death } from "../../lib/servicedir/core/dtally.ts";
import { MAX_DEATH_TALLY } from "../../lib/servicedir/core/dtally.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine, settingsOf } from "../../lib/core/cli/given.ts";
import { printedSignal } from "../../lib/servicedir/core/svstat_line.ts";
import { formatTai64n } from "../../lib/core/time/tain.ts";
import { readReasons } from "../../lib/servicedir/death_reasons.ts";
import { readDtally } from "../../lib/servicedir/death_tally.ts";
import type { Context } from "../context.ts";

export const table = {
  summary:
    "Prints a line for each death of a service that is on record, oldest first: when, and exit code or signal.",
  usage: "[ -S | -s ] [ -r ] [ -n maxentries ] servicedir",
  options: [
    {
      short: "S",
      text: "print the names of signals (the default)",
      means: { signalNumbers: false },
    },
    { short: "s", text: "print the numbers of signals", means: { signalNumbers: true } },
    {
      short: "r",
      text: "after each death, what else is known of it: oom, next start, why there was none",
      means: { withReasons: true },
    },
    {
      short: "n",
      arg: "MAX",
      text: "only the latest MAX deaths",
      means: (text: string) => ({ max: parseMax(text) }),
    },
  ],
  exits: [["0", "success"], ["100", "wrong usage"], ["111", "system call failed"]],
  example: "s6-svdt -n 5 /run/service/db | s6-tai64nlocal",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { rows, operands } = readCommandLine(context.argv, table);
  const { signalNumbers, withReasons, max } = settingsOf<Settings>(rows(), DEFAULTS);
  const [dir] = operands;
  if (dir === undefined) throw new UsageError("no service directory given");
  if (max === 0) return 0;
  const deaths = readDtally(dir, max);
  const reasons = withReasons ? readReasons(dir) : [];
  context.out(
    deaths.map((death) =>
      `${deathLine(death, signalNumbers)}${reasonText(reasonOf(reasons, death.stamp))}\n`
    ).join(""),
  );
  return 0;
}

interface Settings {
  readonly signalNumbers: boolean;
  readonly withReasons: boolean;
  readonly max: number;
}

const DEFAULTS: Settings = { signalNumbers: false, withReasons: false, max: MAX_DEATH_TALLY };

function parseMax(text: string): number {
  const max = parseUint(text);
  if (max === undefined) throw new UsageError(`invalid number of deaths: ${text}`);
  return max;
}

function deathLine({ stamp, exitcode, sig }: Death, signalNumbers: boolean): string {
  const cause = sig === 0
    ? `exitcode ${exitcode}`
    : `signal ${signalNumbers ? sig : printedSignal(sig)}`;
  return `${formatTai64n(stamp)} ${cause}`;
}

function reasonText(reason: DeathReason | undefined): string {
  return reason === undefined ? "" : ` ${reasonWords(reason).join(" ")}`;
}
