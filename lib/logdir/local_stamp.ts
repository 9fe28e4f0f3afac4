/** Moments in local time, as logs have them. */
import { formatCalendarTime, formatNano } from "../core/time/calendar_time.ts";
import type { Tain } from "../core/time/tain.ts";
import { tainToUnix } from "../core/time/tain.ts";
import { localTime } from "../libc/clock.ts";

/** The stamp of s6-log's `T` directive: `2026-11-22 01:02:03.123456789`. */
export function localStamp(stamp: Tain): string {
  const { seconds, nano } = tainToUnix(stamp);
  return `${formatCalendarTime(localTime(seconds))}${formatNano(nano)}`;
}

/** `01:02:03`. */
export function timeOfDay(stamp: Tain): string {
  return formatCalendarTime(localTime(tainToUnix(stamp).seconds)).slice(-8);
}
