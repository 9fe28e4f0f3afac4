/**
 * Moments in UTC as ISO 8601 has them, both ways. Source: RFC 3339; the proleptic Gregorian
 * calendar. Pure.
 */
import type { CalendarTime } from "./calendar_time.ts";
import type { Tain } from "./tain.ts";
import { tainToUnix } from "./tain.ts";

const SECONDS_PER_DAY = 86_400;
/** Years 0 to 9999, which four digits can tell. */
const FIRST_SECOND = -62_167_219_200n;
const LAST_SECOND = 253_402_300_799n;
const DAYS_PER_ERA = 146_097; // 400 years
const DAYS_TO_1970 = 719_468; // from 1 March of the year 0

/**
 * `2026-11-22T01:02:03.123456789Z`; undefined for a stamp outside of the years 0 to 9999, which no
 * clock has given.
 */
export function isoTime(stamp: Tain): string | undefined {
  const { seconds, nano } = tainToUnix(stamp);
  const time = utcTime(seconds);
  if (time === undefined || nano > 999_999_999) return undefined;
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${String(time.year).padStart(4, "0")}-${two(time.month)}-${two(time.day)}`;
  return `${day}T${two(time.hour)}:${two(time.minute)}:${two(time.second)}.${
    String(nano).padStart(9, "0")
  }Z`;
}

/** The calendar in UTC; undefined outside of the years 0 to 9999. */
export function utcTime(unixSeconds: bigint): CalendarTime | undefined {
  if (unixSeconds < FIRST_SECOND || unixSeconds > LAST_SECOND) return undefined;
  const seconds = Number(unixSeconds);
  const days = Math.floor(seconds / SECONDS_PER_DAY);
  const ofDay = seconds - days * SECONDS_PER_DAY;
  return {
    ...dateOfDays(days),
    hour: Math.floor(ofDay / 3600),
    minute: Math.floor(ofDay / 60) % 60,
    second: ofDay % 60,
  };
}

/** The Unix seconds of a time in UTC; days and hours that are too many run on. */
export function secondsOfDate({ year, month, day, hour, minute, second }: CalendarTime): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const ofEra = shifted - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const days = era * DAYS_PER_ERA + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) +
    ofYear - DAYS_TO_1970;
  return days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
}

/**
 * The date of so many days since 1 January 1970. Years begin in March here, so that a leap day is
 * the last of its year.
 */
function dateOfDays(days: number): Pick<CalendarTime, "year" | "month" | "day"> {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const ofEra = shifted - era * DAYS_PER_ERA;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) /
      365,
  );
  const ofYear = ofEra -
    (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * ofYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}
