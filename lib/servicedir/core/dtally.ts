/**
 * The record of deaths in `supervise/death_tally`: 14 bytes each, oldest first.
 * bytes 0-11 when (tain) - 12 exit code, 128 + signal for a signal - 13 signal, or 0
 * Source: s6, include/s6/supervise.h, libs6/s6_dtally_pack.c, s6_dtally_read.c. Pure.
 */

import { packTain, type Tain, unpackTain } from "../../core/time/tain.ts";

/** One death of a service. */
export interface Death {
  readonly stamp: Tain;
  /** 0 to 255; 128 + signal if a signal killed it. */
  readonly exitcode: number;
  /** The signal that killed it, or 0. */
  readonly sig: number;
}

/** Size of one packed death. */
export const DTALLY_PACK = 14;

/** The most deaths that a tally may hold, whatever `max-death-tally` says. */
export const MAX_DEATH_TALLY = 4096;

/** The bytes of a tally. */
export function packDtally(deaths: readonly Death[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(deaths.length * DTALLY_PACK);
  deaths.forEach((death, i) => {
    const offset = i * DTALLY_PACK;
    packTain(death.stamp, bytes, offset);
    bytes[offset + 12] = death.exitcode;
    bytes[offset + 13] = death.sig;
  });
  return bytes;
}

/**
 * The deaths in a tally, oldest first; none if the size is not a multiple of 14, since such a file
 * was not written by a supervisor.
 */
export function unpackDtally(bytes: Uint8Array): Death[] {
  const deaths: Death[] = [];
  if (bytes.length % DTALLY_PACK !== 0) return deaths;
  for (let offset = 0; offset < bytes.length; offset += DTALLY_PACK) {
    deaths.push({
      stamp: unpackTain(bytes, offset),
      exitcode: bytes[offset + 12]!,
      sig: bytes[offset + 13]!,
    });
  }
  return deaths;
}

/**
 * The bytes of a tally with one more death: the newest `max`, never more than MAX_DEATH_TALLY; none
 * if `max` is 0. A tally whose size is not a multiple of 14 was not written by a supervisor, and
 * counts for nothing. Each restart does this, so what is kept is only copied.
 */
export function appendDeath(tally: Uint8Array, death: Death, max: number): Uint8Array<ArrayBuffer> {
  const keep = Math.min(max, MAX_DEATH_TALLY);
  if (keep === 0) return new Uint8Array(0);
  const deaths = tally.length % DTALLY_PACK === 0 ? tally.length / DTALLY_PACK : 0;
  const kept = tally.subarray(
    (deaths - Math.min(deaths, keep - 1)) * DTALLY_PACK,
    deaths * DTALLY_PACK,
  );
  const bytes = new Uint8Array(kept.length + DTALLY_PACK);
  bytes.set(kept);
  bytes.set(packDtally([death]), kept.length);
  return bytes;
}
