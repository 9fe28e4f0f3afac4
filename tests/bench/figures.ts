/** Figures as people read them: the median, its unit, and in parentheses the quartiles. Pure. */
import type { Summary } from "./statistics.ts";

/** Three digits, or two after the point. */
export function digits(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 10) return value.toFixed(1);
  return value.toFixed(2);
}

function figure(
  { count, median, lowerQuartile, upperQuartile }: Summary,
  unit: string,
  per = 1,
): string {
  const middle = `${digits(median / per)}${unit}`;
  return count === 1
    ? middle
    : `${middle} (${digits(lowerQuartile / per)} to ${digits(upperQuartile / per)})`;
}

/** `1.92 ms (1.80 to 2.40)`, or in seconds when it is that long. */
export function milliseconds(summary: Summary): string {
  return summary.median >= 1000 ? figure(summary, " s", 1000) : figure(summary, " ms");
}

/** The middle alone. */
export function middle({ median }: Summary): Summary {
  return { count: 1, median, lowerQuartile: median, upperQuartile: median };
}

/** Millions of bytes, from bytes. */
export function megabytes(summary: Summary): string {
  return figure(summary, " MB", 1e6);
}

/** Of a rate, from bytes a second. */
export function megabytesPerSecond(summary: Summary): string {
  return figure(summary, " MB/s", 1e6);
}

export function plain(summary: Summary): string {
  return figure(summary, "");
}
