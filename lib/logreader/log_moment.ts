/** Moments as people name them who ask for lines of logs. */
import { type MomentContext, parseMoment } from "../core/time/moment.ts";
import { tainToUnix } from "../core/time/tain.ts";
import { localTime, unixTime, wallclock } from "../libc/clock.ts";

/** Unix seconds, with fractions. */
export function unixNow(): number {
  const { seconds, nano } = tainToUnix(wallclock());
  return Number(seconds) + nano / 1e9;
}

/** Unix seconds of `10m` (ago), `06:30`, `2026-11-24 06:30` and their like; undefined for others. */
export function logMoment(text: string): number | undefined {
  const context: MomentContext = {
    now: unixNow(),
    today: localTime(tainToUnix(wallclock()).seconds),
    localSeconds: (time) => Number(unixTime(time)),
  };
  return parseMoment(text, context);
}
