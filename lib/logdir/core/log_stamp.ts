/**
 * The stamps that loggers put before lines: TAI64N (s6-log `t`, multilog, svlogd -t), or a local
 * time (s6-log `T`), with the blanks after it. Source: s6, doc/s6-log.html. Pure.
 */
import { type CalendarTime, calendarTimeOf } from "../../core/time/calendar_time.ts";
import { parseTai64n, type Tain } from "../../core/time/tain.ts";

const AT_SIGN = 64;
const BLANK = 32;
const TAI64N_LENGTH = 25;
const SHORTEST_DATE = 19;
const LONGEST_DATE = 29;
const DATE =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})[ T_]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?/;

export type LogStamp =
  | { readonly kind: "tai64n"; readonly time: Tain; readonly length: number }
  /** A local time, whatever the time zone of the logger was. */
  | {
    readonly kind: "local";
    readonly time: CalendarTime;
    readonly nano: number;
    readonly length: number;
  };

/**
 * The stamp at the beginning of a line; `length` counts its bytes and the blanks that a logger puts
 * after it.
 */
export function stampOf(line: Uint8Array): LogStamp | undefined {
  return line[0] === AT_SIGN ? tai64nStamp(line) : localStamp(line);
}

function tai64nStamp(line: Uint8Array): LogStamp | undefined {
  const time = line.length < TAI64N_LENGTH
    ? undefined
    : parseTai64n(ascii(line.subarray(0, TAI64N_LENGTH)));
  return time === undefined
    ? undefined
    : { kind: "tai64n", time, length: TAI64N_LENGTH + blanks(line, TAI64N_LENGTH, 1) };
}

function localStamp(line: Uint8Array): LogStamp | undefined {
  if (line.length < SHORTEST_DATE) return undefined;
  const match = DATE.exec(ascii(line.subarray(0, LONGEST_DATE)));
  if (match === null) return undefined;
  const time = calendarTimeOf(match.slice(1, 7));
  const { month, day, hour, minute, second } = time;
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) {
    return undefined;
  }
  const end = match[0].length;
  return {
    kind: "local",
    time,
    nano: Number((match[7] ?? "").padEnd(9, "0")),
    length: end + blanks(line, end, 2),
  };
}

function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function blanks(line: Uint8Array, from: number, most: number): number {
  let count = 0;
  while (count < most && line[from + count] === BLANK) count++;
  return count;
}
