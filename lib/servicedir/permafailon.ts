/**
 * s6-permafailon: in a finish script, turns too many deaths into a permanent failure. Source: s6,
 * doc/s6-permafailon.html, supervision/s6-permafailon.c.
 */
import { DTALLY_FILENAME } from "./core/supervise_files.ts";
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { parseUint } from "../core/linux/config_file.ts";
import { type DeathEvents, nthDeath, parseDeathEvents } from "./core/death_events.ts";
import { type Death, DTALLY_PACK, MAX_DEATH_TALLY } from "./core/dtally.ts";
import { UsageError } from "../core/cli/getopt.ts";
import { type Call, goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { SyscallError } from "../libc/bind.ts";
import { wallclock } from "../libc/clock.ts";
import { stat } from "../libc/stat.ts";
import { readDtally } from "./death_tally.ts";

const EXIT_PERMANENT_FAILURE = 125;

/** s6-permafailon seconds deathcount statuslist prog... */
export const permafailon: Link = {
  nature: "state",
  allOperands: true,
  run(call): LinkResult {
    const [secondsText, countText, list] = call.words.texts;
    if (secondsText === undefined || countText === undefined || list === undefined) {
      throw new UsageError("seconds, a number of deaths and a list of events are needed");
    }
    const seconds = parseUint(secondsText);
    if (seconds === undefined) throw new UsageError(`invalid number of seconds: ${secondsText}`);
    const wantedCount = parseUint(countText);
    if (wantedCount === undefined || wantedCount === 0) {
      throw new UsageError(`invalid number of deaths: ${countText}`);
    }
    const count = Math.min(wantedCount, MAX_DEATH_TALLY);
    const events = parseEvents(list);

    const now = wallclock();
    const since = { sec: now.sec - BigInt(seconds), nano: now.nano };
    const last = nthDeath(deathsOnRecord(call), events, { count, since });
    if (last === undefined) return goOn(call.words.slice(3));
    const cause = last.sig === 0 ? `exit code ${last.exitcode}` : `signal ${last.sig}`;
    call.info(
      `PERMANENT FAILURE triggered after ${count} events involving ${cause} in the last ${seconds} seconds`,
    );
    return EXIT_PERMANENT_FAILURE;
  },
};

function parseEvents(list: string): DeathEvents {
  try {
    return parseDeathEvents(list);
  } catch (error) {
    if (error instanceof SyntaxError) throw new LinkFailure(EXIT_USAGE, error.message);
    throw error;
  }
}

/**
 * The deaths of the service in the current directory; none, after a warning, if they can't be read:
 * the program goes on then.
 */
function deathsOnRecord(call: Call): Death[] {
  try {
    const { size } = stat(DTALLY_FILENAME);
    if (size % DTALLY_PACK === 0 && size <= DTALLY_PACK * MAX_DEATH_TALLY) return readDtally(".");
    call.warn(`invalid ${DTALLY_FILENAME}`);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    call.warn(error.message);
  }
  return [];
}
