/**
 * Points in time as s6's files hold them: TAI64N, 12 bytes. bytes 0-7 seconds, big-endian: 2^62 +
 * TAI seconds since 1970 - 8-11 nanoseconds, big-endian
 *
 * TAI = Unix time + 10 + the leap seconds since 1972, 37 in all today. The leap second table is
 * skalibs' own: a stamp of ours and one of C s6 taken at the same moment are equal. Source:
 * https://cr.yp.to/libtai/tai64.html; skalibs, tai_pack, tai_from_utc, leapsecs_table. Pure.
 */

/** A point in time, or the difference of two when `sec` is small. */
export interface Tain {
  /** The TAI64 label: 2^62 + TAI seconds. */
  readonly sec: bigint;
  /** 0 to 999,999,999. */
  readonly nano: number;
}

/** Size of a packed tain. */
export const TAIN_PACK = 12;

/** The stamp that means "never". */
export const TAIN_ZERO: Tain = { sec: 0n, nano: 0 };

const NANO = 1_000_000_000n;
const TAI_MAGIC = 1n << 62n;
const TAI_MINUS_UTC_IN_1972 = 10n;

/** The Unix seconds at which the first second after each leap second begins. */
const LEAPS: readonly bigint[] = [
  78796800n, // 1972-07-01
  94694400n, // 1973-01-01
  126230400n, // 1974-01-01
  157766400n, // 1975-01-01
  189302400n, // 1976-01-01
  220924800n, // 1977-01-01
  252460800n, // 1978-01-01
  283996800n, // 1979-01-01
  315532800n, // 1980-01-01
  362793600n, // 1981-07-01
  394329600n, // 1982-07-01
  425865600n, // 1983-07-01
  489024000n, // 1985-07-01
  567993600n, // 1988-01-01
  631152000n, // 1990-01-01
  662688000n, // 1991-01-01
  709948800n, // 1992-07-01
  741484800n, // 1993-07-01
  773020800n, // 1994-07-01
  820454400n, // 1996-01-01
  867715200n, // 1997-07-01
  915148800n, // 1999-01-01
  1136073600n, // 2006-01-01
  1230768000n, // 2009-01-01
  1341100800n, // 2012-07-01
  1435708800n, // 2015-07-01
  1483228800n, // 2017-01-01
];

/** The label of a moment of the system clock. */
export function tainFromUnix(seconds: bigint | number, nano: number): Tain {
  const unix = BigInt(seconds);
  let leaps = LEAPS.length;
  while (leaps > 0 && unix < LEAPS[leaps - 1]!) leaps -= 1;
  return { sec: TAI_MAGIC + unix + TAI_MINUS_UTC_IN_1972 + BigInt(leaps), nano };
}

/** Of milliseconds since 1970 in UTC. */
export function tainFromUnixMs(unixMs: number): Tain {
  const seconds = Math.floor(unixMs / 1000);
  return tainFromUnix(seconds, Math.floor((unixMs - seconds * 1000) * 1e6));
}

/**
 * The moment of the system clock that a label names; a leap second gives the second that follows
 * it.
 */
export function tainToUnix(t: Tain): { readonly seconds: bigint; readonly nano: number } {
  const utc = t.sec - TAI_MAGIC - TAI_MINUS_UTC_IN_1972;
  let leaps = LEAPS.length;
  while (leaps > 0 && utc <= LEAPS[leaps - 1]! + BigInt(leaps - 1)) leaps -= 1;
  return { seconds: utc - BigInt(leaps), nano: t.nano };
}

/** Milliseconds, with what is below them as a fraction. */
export function tainToUnixMs(t: Tain): number {
  const { seconds, nano } = tainToUnix(t);
  return Number(seconds) * 1000 + nano / 1e6;
}

/** Writes the 12 bytes of a stamp. */
export function packTain(t: Tain, into: Uint8Array, offset = 0): void {
  const view = new DataView(into.buffer, into.byteOffset + offset, TAIN_PACK);
  view.setBigUint64(0, t.sec);
  view.setUint32(8, t.nano);
}

/**
 * Reads the 12 bytes of a stamp.
 *
 * @throws {RangeError} If there are fewer than 12.
 */
export function unpackTain(bytes: Uint8Array, offset = 0): Tain {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { sec: view.getBigUint64(offset), nano: view.getUint32(offset + 8) };
}

/** The point in time so many milliseconds after `t`, or before it. */
export function addMilliseconds(t: Tain, milliseconds: number): Tain {
  const nanos = BigInt(t.nano) + BigInt(Math.round(milliseconds * 1e6));
  const nano = (nanos % NANO + NANO) % NANO;
  return { sec: t.sec + (nanos - nano) / NANO, nano: Number(nano) };
}

/** Negative, 0 or positive as `a` is before, at or after `b`. */
export function compareTain(a: Tain, b: Tain): number {
  if (a.sec !== b.sec) return a.sec < b.sec ? -1 : 1;
  return Math.sign(a.nano - b.nano);
}

/** The text form: `@` and 24 lower case hex digits. */
export function formatTai64n(t: Tain): string {
  return `@${BigInt.asUintN(64, t.sec).toString(16).padStart(16, "0")}${
    t.nano.toString(16).padStart(8, "0")
  }`;
}

/** Reads the text form, digits of either case; undefined unless `text` is that and nothing more. */
export function parseTai64n(text: string): Tain | undefined {
  if (!/^@[0-9A-Fa-f]{24}$/.test(text) || text.length !== 25) return undefined;
  return { sec: BigInt(`0x${text.slice(1, 17)}`), nano: Number.parseInt(text.slice(17), 16) };
}

/**
 * Whole seconds from `earlier` to `later`, rounded down; negative if they are in the other order.
 */
export function secondsBetween(later: Tain, earlier: Tain): bigint {
  return later.sec - earlier.sec - (later.nano < earlier.nano ? 1n : 0n);
}
