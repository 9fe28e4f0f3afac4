/**
 * The record in `supervise/status`: 35 bytes. bytes 0-11 last up/down change (tain) - 12-23 last
 * readiness change (tain) - 24-31 pid, big-endian, 0 for none; the finish script's while it runs -
 * 32-33 wait status of the last run, big-endian - 34 flags: 1 paused, 2 finishing, 4 wanted up, 8
 * ready
 *
 * pid 0 with the paused flag means that the service has never been started by this supervisor.
 * Source: s6, include/s6/supervise.h, libs6/s6_svstatus_pack.c. Pure.
 */

import { packTain, type Tain, unpackTain } from "../../core/time/tain.ts";

/** What a supervisor tells about its service. */
export interface Svstatus {
  /** When the service last went up or down. */
  readonly stamp: Tain;
  /** When readiness last changed. */
  readonly readystamp: Tain;
  /** 0 for none. */
  readonly pid: number;
  /** As waitpid gave it, for the last `run` that died. */
  readonly wstat: number;
  readonly flagpaused: boolean;
  readonly flagfinishing: boolean;
  readonly flagwantup: boolean;
  readonly flagready: boolean;
}

/** Size of the file. */
export const SVSTATUS_SIZE = 35;

const FLAG_PAUSED = 1;
const FLAG_FINISHING = 2;
const FLAG_WANTUP = 4;
const FLAG_READY = 8;

/** The 35 bytes of a status. */
export function packSvstatus(status: Svstatus): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SVSTATUS_SIZE);
  const view = new DataView(bytes.buffer);
  packTain(status.stamp, bytes, 0);
  packTain(status.readystamp, bytes, 12);
  view.setBigUint64(24, BigInt(status.pid));
  view.setUint16(32, status.wstat);
  bytes[34] = (status.flagpaused ? FLAG_PAUSED : 0) | (status.flagfinishing ? FLAG_FINISHING : 0) |
    (status.flagwantup ? FLAG_WANTUP : 0) | (status.flagready ? FLAG_READY : 0);
  return bytes;
}

/**
 * The status in 35 bytes. Unknown flags are ignored; a pid keeps its low 32 bits, as in C.
 *
 * @throws {SyntaxError} If there are not exactly 35.
 */
export function unpackSvstatus(bytes: Uint8Array): Svstatus {
  if (bytes.length !== SVSTATUS_SIZE) {
    throw new SyntaxError(`a status is ${SVSTATUS_SIZE} bytes, not ${bytes.length}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, SVSTATUS_SIZE);
  const flags = view.getUint8(34);
  return {
    stamp: unpackTain(bytes, 0),
    readystamp: unpackTain(bytes, 12),
    pid: view.getInt32(28),
    wstat: view.getUint16(32),
    flagpaused: (flags & FLAG_PAUSED) !== 0,
    flagfinishing: (flags & FLAG_FINISHING) !== 0,
    flagwantup: (flags & FLAG_WANTUP) !== 0,
    flagready: (flags & FLAG_READY) !== 0,
  };
}
