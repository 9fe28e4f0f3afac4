/**
 * `LIVE/state`: one byte for each service, in the order of numbers. Bit 0: up. Bit 1: named by a
 * change up. Source: s6-rc.c. Pure.
 */
import type { Engine } from "./engine_state.ts";

export const STATE_FILE = "state";

export interface StateBits {
  readonly up: boolean;
  readonly wanted: boolean;
}

const UP = 1;
const WANTED = 2;

export function encodeState(states: readonly StateBits[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(states, ({ up, wanted }) => (up ? UP : 0) | (wanted ? WANTED : 0));
}

/** The bits of `count` services; undefined if the file is too short. */
export function decodeState(bytes: Uint8Array, count: number): StateBits[] | undefined {
  if (bytes.length < count) return undefined;
  return Array.from(
    bytes.subarray(0, count),
    (byte) => ({ up: (byte & UP) !== 0, wanted: (byte & WANTED) !== 0 }),
  );
}

export function engineState({ services }: Engine): Uint8Array<ArrayBuffer> {
  return encodeState(services);
}
