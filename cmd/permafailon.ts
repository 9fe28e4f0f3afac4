/** s6-permafailon: in a finish script, turns too many deaths into a permanent failure. Source: s6, doc/s6-permafailon.html, supervision/s6-permafailon.c. */
import { parseUint } from "../lib/core/config_file.ts";
import type { DeathEvents } from "../lib/core/death_events.ts";
import { nthDeath, parseDeathEvents } from "../lib/core/death_events.ts";
import type { Death } from "../lib/core/dtally.ts";
import { DTALLY_PACK, MAX_DEATH_TALLY } from "../lib/core/dtally.ts";
import type { CommandTable } from "../lib/core/getopt.ts";
import { UsageError } from "../lib/core/getopt.ts";
import { SyscallError } from "../lib/libc/bind.ts";
import { wallclock } from "../lib/libc/clock.ts";
import { stat } from "../lib/libc/stat.ts";
import { DTALLY_FILENAME, readDtally } from "../lib/servicedir/death_tally.ts";
import { chainLoad } from "./chain_load.ts";
import type { Context } from "./context.ts";
import { EXIT_USAGE, Failure } from "./context.ts";

const EXIT_PERMANENT_FAILURE = 125;

export const table: CommandTable = {
  summary: "If the service in the current directory has died too often, declares it failed for good; else executes a program.",
  usage: "seconds deathcount statuslist prog...",
  options: [],
  exits: [
    ["0", "not failed, and no program given"],
    ["100", "wrong usage"],
    ["125", "at least DEATHCOUNT deaths of STATUSLIST within SECONDS: a supervisor takes that for a permanent failure"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-permafailon 60 5 1,101-103,SIGSEGV,SIGBUS ./data/cleanup",
};

export function main(context: Context): number {
  const [secondsText, countText, list, ...prog] = context.argv;
  if (secondsText === undefined || countText === undefined || list === undefined) {
    throw new UsageError("seconds, a number of deaths and a list of events are needed");
  }
  const seconds = parseUint(secondsText);
  if (seconds === undefined) throw new UsageError(`invalid number of seconds: ${secondsText}`);
  const wantedCount = parseUint(countText);
  if (wantedCount === undefined || wantedCount === 0) throw new UsageError(`invalid number of deaths: ${countText}`);
  const count = Math.min(wantedCount, MAX_DEATH_TALLY);
  const events = parseEvents(list);

  const now = wallclock();
  const since = { sec: now.sec - BigInt(seconds), nano: now.nano };
  const last = nthDeath(deathsOnRecord(context), events, { count, since });
  if (last !== undefined) {
    const cause = last.sig === 0 ? `exit code ${last.exitcode}` : `signal ${last.sig}`;
    context.info(`PERMANENT FAILURE triggered after ${count} events involving ${cause} in the last ${seconds} seconds`);
    return EXIT_PERMANENT_FAILURE;
  }
  return prog.length === 0 ? 0 : chainLoad(prog);
}

function parseEvents(list: string): DeathEvents {
  try {
    return parseDeathEvents(list);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(EXIT_USAGE, error.message);
    throw error;
  }
}

/** The deaths of the service in the current directory; none, after a warning, if they can't be read: the program goes on then. */
function deathsOnRecord(context: Context): Death[] {
  try {
    const { size } = stat(DTALLY_FILENAME);
    if (size % DTALLY_PACK === 0 && size <= DTALLY_PACK * MAX_DEATH_TALLY) return readDtally(".");
    context.warn(`invalid ${DTALLY_FILENAME}`);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    context.warn(error.message);
  }
  return [];
}
