/** Durations and sizes as people read them, and durations as they write them. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `7s`, `3m 20s`, `2h 5m`, `12d 3h`: the two largest units, rounded down; negative counts as 0. */
export function humanDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return pair(whole, [MINUTE, "m"], [1, "s"]);
  if (whole < DAY) return pair(whole, [HOUR, "h"], [MINUTE, "m"]);
  return pair(whole, [DAY, "d"], [HOUR, "h"]);
}

type Unit = readonly [seconds: number, letter: string];

function pair(seconds: number, large: Unit, small: Unit): string {
  const rest = Math.floor(seconds % large[0] / small[0]);
  return `${Math.floor(seconds / large[0])}${large[1]}${rest === 0 ? "" : ` ${rest}${small[1]}`}`;
}

/** A time that somebody has set: `0.2s`, `30s`, `1m 30s`. */
export function humanTimeout(timeoutMs: number): string {
  return timeoutMs < 10_000 ? `${timeoutMs / 1000}s` : humanDuration(timeoutMs / 1000);
}

/** How long something took: `2ms`, `0.4s`, `12s`, `3m 20s`. */
export function humanTook(ms: number): string {
  if (ms < 100) return `${Math.max(0, Math.round(ms))}ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : humanDuration(ms / 1000);
}

/** Processor time: `0.42s`, `12s`, `3m 20s`, and so on. */
export function humanCpuTime(seconds: number): string {
  return seconds < 10 ? `${(Math.floor(seconds * 100) / 100).toFixed(2)}s` : humanDuration(seconds);
}

/** `812B`, `3.4K`, `56M`, `1.2G`: powers of 1024, three digits at most. */
export function humanBytes(bytes: number): string {
  if (bytes < 1024) return `${Math.floor(bytes)}B`;
  let value = bytes / 1024;
  let at = 0;
  while (value >= 999.5 && at < 4) {
    value /= 1024;
    at++;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}${"KMGTP"[at]}`;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: MINUTE,
  h: HOUR,
  d: DAY,
  w: 7 * DAY,
};

/**
 * The seconds in `90`, `1.5s`, `10m`, `2h30m`, `1d 12h`, `500ms`; undefined if the text is nothing
 * of that kind.
 */
export function parseDuration(text: string): number | undefined {
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  if (!/^([0-9]+(\.[0-9]+)?(ms|[smhdw]) ?)+$/.test(`${text} `)) return undefined;
  let seconds = 0;
  for (const [, number, , unit] of text.matchAll(/([0-9]+(\.[0-9]+)?)(ms|[smhdw])/g)) {
    seconds += Number(number) * UNIT_SECONDS[unit!]!;
  }
  return seconds;
}
