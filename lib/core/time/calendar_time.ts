/**
 * A moment as people write it, in some time zone. Source: s6, doc/s6-log.html, `T`; skalibs,
 * localtmn_fmt. Pure.
 */

export interface CalendarTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  /** 60 in a leap second. */
  readonly second: number;
}

/** Of six numbers in their order, as an expression finds them in a text. */
export function calendarTimeOf(parts: readonly string[]): CalendarTime {
  const [year, month, day, hour, minute, second] = parts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { year, month, day, hour, minute, second };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `2026-11-22 01:02:03`. */
export function formatCalendarTime(
  { year, month, day, hour, minute, second }: CalendarTime,
): string {
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

/**
 * The fraction that follows it, `.` and nine digits; of a stamp with more nanoseconds than a second
 * has, the first nine.
 */
export function formatNano(nano: number): string {
  return `.${String(nano).padStart(9, "0").slice(0, 9)}`;
}
