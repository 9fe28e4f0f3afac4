/**
 * Moments as people give them on a command line: `10m` ago, `06:30`, `2026-11-24 06:30`,
 * `2026-11-24T06:30:00Z`, `@TAI64N`. Pure.
 */
import type { CalendarTime } from "./calendar_time.ts";
import { parseDuration } from "./human_units.ts";
import { parseTai64n, tainToUnix } from "./tain.ts";
import { secondsOfDate } from "./utc_time.ts";

export interface MomentContext {
  /** Unix seconds. */
  readonly now: number;
  /** The calendar here and now. */
  readonly today: CalendarTime;
  /** Unix seconds of a local time. */
  localSeconds(time: CalendarTime): number;
}

const DATE =
  /^(?:([0-9]{4})-([0-9]{2})-([0-9]{2}))?(?:(?:^|[ T_])([0-9]{2}):([0-9]{2})(?::([0-9]{2})(\.[0-9]{1,9})?)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$/;

/**
 * Unix seconds; undefined if the text is no moment. A time without a date is today's, a date
 * without a time begins at midnight.
 */
export function parseMoment(text: string, context: MomentContext): number | undefined {
  if (text === "now") return context.now;
  const ago = parseDuration(text);
  if (ago !== undefined) return context.now - ago;
  if (text.startsWith("@")) {
    const stamp = parseTai64n(text);
    return stamp === undefined ? undefined : Number(tainToUnix(stamp).seconds) + stamp.nano / 1e9;
  }
  return parseDate(text, context);
}

function parseDate(text: string, { today, localSeconds }: MomentContext): number | undefined {
  const match = DATE.exec(text);
  if (match === null || text === "") return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone] = match;
  if (year === undefined && (hour === undefined || zone !== undefined)) return undefined;
  const time = {
    year: year === undefined ? today.year : Number(year),
    month: month === undefined ? today.month : Number(month),
    day: day === undefined ? today.day : Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
  };
  if (
    time.month < 1 || time.month > 12 || time.day < 1 || time.day > 31 || time.hour > 23 ||
    time.minute > 59 || time.second > 60
  ) {
    return undefined;
  }
  const seconds = zone === undefined ? localSeconds(time) : secondsOfDate(time) - zoneSeconds(zone);
  return seconds + Number(`0${fraction}`);
}

/** East of Greenwich. */
function zoneSeconds(zone: string): number {
  if (zone === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])([0-9]{2}):?([0-9]{2})$/.exec(zone)!;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
