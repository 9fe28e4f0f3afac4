/** Durations, sizes and shares as people read them, as in lib/core/time/human_units.ts. Pure. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * `7s`, `3m 20s`, `2h 5m`, `12d 3h`: the two largest units, rounded down; negative counts as 0.
 *
 * @param {number} seconds
 * @returns {string}
 */
export function humanDuration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return pair(whole, [MINUTE, "m"], [1, "s"]);
  if (whole < DAY) return pair(whole, [HOUR, "h"], [MINUTE, "m"]);
  return pair(whole, [DAY, "d"], [HOUR, "h"]);
}

/**
 * @param {number} seconds
 * @param {readonly [number, string]} large
 * @param {readonly [number, string]} small
 */
function pair(seconds, large, small) {
  const rest = Math.floor(seconds % large[0] / small[0]);
  return `${Math.floor(seconds / large[0])}${large[1]}${rest === 0 ? "" : ` ${rest}${small[1]}`}`;
}

/**
 * How long something took: `2ms`, `0.4s`, `12s`, `3m 20s`.
 *
 * @param {number} ms
 * @returns {string}
 */
export function humanTook(ms) {
  if (ms < 100) return `${Math.max(0, Math.round(ms))}ms`;
  return ms < 10_000 ? `${(ms / 1000).toFixed(1)}s` : humanDuration(ms / 1000);
}

/**
 * `812B`, `3.4K`, `56M`, `1.2G`: powers of 1024, three digits at most.
 *
 * @param {number} bytes
 * @returns {string}
 */
export function humanBytes(bytes) {
  if (bytes < 1024) return `${Math.floor(bytes)}B`;
  let value = bytes / 1024;
  let at = 0;
  while (value >= 999.5 && at < 4) {
    value /= 1024;
    at++;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)}${"KMGTP"[at]}`;
}

/**
 * A share of one processor: `0%`, `0.4%`, `12%`.
 *
 * @param {number} percent
 * @returns {string}
 */
export function humanShare(percent) {
  return `${percent < 0.05 ? "0" : percent < 9.95 ? percent.toFixed(1) : percent.toFixed(0)}%`;
}
