/** The stamp of s6-log's `T` directive: `2026-11-22 01:02:03.123456789`, in local time. */
import { formatCalendarTime, formatNano } from "../core/time/calendar_time.ts";
import type { Tain } from "../core/time/tain.ts";
import { tainToUnix } from "../core/time/tain.ts";
import { localTime } from "../libc/clock.ts";

/** The 29 characters for `stamp`. */
export function localStamp(stamp: Tain): string {
  const { seconds, nano } = tainToUnix(stamp);
  return `${formatCalendarTime(localTime(seconds))}${formatNano(nano)}`;
}
