/**
 * Stamps of daemontools and runit. They look like s6's, but count no leap seconds: their label is
 * 2^62 + 10 + Unix time, at all times. Source: daemontools, taia_now.c; runit, taia_now.c. Pure.
 */

const EPOCH = (1n << 62n) + 10n;
const LABEL_DIGITS = 16;
const NANO_DIGITS = 8;

/** `@` and 24 hexadecimal digits. @param unixMs Milliseconds of Unix time */
export function stampOfOld(unixMs: number): string {
  const seconds = Math.floor(unixMs / 1000);
  const nano = Math.floor((unixMs - seconds * 1000) * 1e6);
  const label = (EPOCH + BigInt(seconds)).toString(16).padStart(LABEL_DIGITS, "0");
  return `@${label}${nano.toString(16).padStart(NANO_DIGITS, "0")}`;
}

/** The Unix seconds of a label. */
export function unixOfOld(label: bigint): bigint {
  return label - EPOCH;
}
