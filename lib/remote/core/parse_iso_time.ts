/** A moment as documents have it, `2026-11-22T01:02:03.123456789Z`, read. Pure. */
import { calendarTimeOf } from "../../core/time/calendar_time.ts";
import { type Tain, tainFromUnix } from "../../core/time/tain.ts";
import { secondsOfDate } from "../../core/time/utc_time.ts";

const FORM = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{9})Z$/;

/** Undefined if it is no such moment. */
export function parseIsoTime(text: unknown): Tain | undefined {
  const parts = typeof text === "string" ? FORM.exec(text)?.slice(1) : undefined;
  if (parts === undefined) return undefined;
  return tainFromUnix(secondsOfDate(calendarTimeOf(parts)), Number(parts[6]));
}
