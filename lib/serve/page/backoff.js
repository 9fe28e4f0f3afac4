/** How long to wait before the next attempt to reach the server. Pure. */

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/**
 * Doubles from a second to half a minute; up to a fifth is taken off by chance, so that many pages
 * do not come back at the same moment.
 *
 * @param {number} failures In a row, at least 1
 * @param {number} chance From 0 to 1
 * @returns {number} Milliseconds
 */
export function waitMs(failures, chance) {
  const full = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(10, failures - 1));
  return Math.round(full * (1 - 0.2 * chance));
}
