/**
 * Finding the place of a moment in a large file without reading all of it: its lines are in the
 * order of their stamps.
 */
import { pread } from "../libc/fd.ts";
import type { OpenLogFile } from "./log_file.ts";
import { StampReader } from "./stamp_reader.ts";

const LF = 10;
/** Of so little one reads all. */
const SMALL_BYTES = 1 << 18;
/** A line that begins further on is not looked for. */
const PROBE_BYTES = 16_384;

/**
 * The offset of a line such that no line before it is of `since` or younger; 0 if the file is
 * small, or its lines have no stamps. So it is a place to begin, not necessarily the first line
 * that is meant.
 */
export function firstLineSince({ fd, size }: OpenLogFile, since: number): number {
  const reader = new StampReader();
  let low = 0; // an offset from which on all that is meant is found
  let high = size;
  while (high - low > SMALL_BYTES) {
    const middle = low + Math.floor((high - low) / 2);
    const line = lineAfter(fd, middle);
    if (line === undefined || reader.read(line.bytes) === 0) return low;
    if (reader.at < since) low = line.offset;
    else high = middle;
  }
  return low;
}

/** The first line that begins behind `offset`, as much of it as is within reach. */
function lineAfter(
  fd: number,
  offset: number,
): { readonly bytes: Uint8Array; readonly offset: number } | undefined {
  const probe = new Uint8Array(PROBE_BYTES);
  const count = pread(fd, probe, offset);
  const newline = probe.subarray(0, Math.max(0, count)).indexOf(LF);
  return newline < 0 || newline + 1 >= count
    ? undefined
    : { bytes: probe.subarray(newline + 1, count), offset: offset + newline + 1 };
}
