/**
 * What a service has used in the last hour, as far as this page has looked: a sample for each look,
 * at most one for each slot of 15 seconds once they get many. Pure.
 */

export const HOUR_MS = 3_600_000;
/** A young page does not stretch a few samples over the whole width. */
const SHORTEST_MS = 600_000;
const SLOT_MS = 15_000;
const MOST_SAMPLES = 2 * HOUR_MS / SLOT_MS;

/**
 * @typedef {object} Sample
 * @property {number} atMs When, by the clock of the machine that is watched.
 * @property {number | null} bytes Of memory; null while nothing runs.
 * @property {number | null} percent Of one processor since the sample before; null if unknown.
 */

/**
 * @typedef {object} History
 * @property {Sample[]} samples In the order of time.
 * @property {number[]} deathsMs When it has died, in the order of time.
 * @property {{ atMs: number, seconds: number, pid: number | null } | null} cpu The last reading.
 */

/** @returns {History} */
export function emptyHistory() {
  return { samples: [], deathsMs: [], cpu: null };
}

/**
 * Adds what a document says of a service at a time.
 *
 * @param {History} history Is changed
 * @param {Pick<import("./service_words.js").Service, "memory" | "cpu" | "pid" | "lastExit">} service
 * @param {number} atMs
 */
export function addSample(history, { memory, cpu, pid, lastExit }, atMs) {
  const { samples } = history;
  const last = samples.at(-1);
  if (last !== undefined && atMs <= last.atMs) return;
  samples.push({
    atMs,
    bytes: memory?.bytes ?? null,
    percent: shareOf(history.cpu, cpu === null ? null : { atMs, seconds: cpu.seconds, pid }),
  });
  history.cpu = cpu === null ? null : { atMs, seconds: cpu.seconds, pid };
  if (lastExit?.time) addDeath(history, Date.parse(lastExit.time));
  forget(history, atMs);
}

/**
 * The share of one processor between two readings; null where one is missing, or it is not the same
 * process.
 *
 * @param {History["cpu"]} before
 * @param {History["cpu"]} now
 */
function shareOf(before, now) {
  if (before === null || now === null || before.pid !== now.pid) return null;
  const spentMs = now.atMs - before.atMs;
  return spentMs <= 0 ? null : Math.max(0, (now.seconds - before.seconds) * 1000 / spentMs * 100);
}

/**
 * Each death counts once, however often it is told of, and to the millisecond.
 *
 * @param {History} history Is changed
 * @param {number} atMs
 */
export function addDeath({ deathsMs }, atMs) {
  if (!Number.isFinite(atMs)) return;
  const after = deathsMs.findIndex((each) => each >= atMs);
  if (after < 0) deathsMs.push(atMs);
  else if (deathsMs[after] !== atMs) deathsMs.splice(after, 0, atMs);
}

/**
 * Forgets what is older than an hour, and makes room: of several samples in a slot the one with
 * most memory stays.
 *
 * @param {History} history Is changed
 * @param {number} nowMs
 */
function forget(history, nowMs) {
  const from = nowMs - HOUR_MS;
  history.deathsMs = history.deathsMs.filter((atMs) => atMs >= from);
  if ((history.samples[0]?.atMs ?? nowMs) < from) {
    history.samples = history.samples.filter(({ atMs }) => atMs >= from);
  }
  if (history.samples.length <= MOST_SAMPLES) return;
  /** @type {Map<number, Sample>} */
  const slots = new Map();
  for (const sample of history.samples) {
    const slot = Math.floor(sample.atMs / SLOT_MS);
    const other = slots.get(slot);
    if (other === undefined || (sample.bytes ?? -1) >= (other.bytes ?? -1)) slots.set(slot, sample);
  }
  history.samples = [...slots.values()];
}

/**
 * The stretch of time that plots show: since the page looks, at least ten minutes, at most an hour.
 *
 * @param {number | undefined} firstMs When the page looked first
 * @param {number} nowMs
 * @returns {number}
 */
export function shownMs(firstMs, nowMs) {
  return Math.min(HOUR_MS, Math.max(SHORTEST_MS, nowMs - (firstMs ?? nowMs)));
}
