/**
 * The files of a log directory in the order of their lines, and which of them a span of time
 * concerns.
 *
 * s6-log, svlogd and multilog name an archive by the moment of its rotation, so its lines are older
 * than its name and younger than that of the archive before it. A processor may have compressed the
 * content; somebody else may have, and added a suffix. Pure.
 */
import { CURRENT, PREVIOUS } from "./rotation.ts";
import { parseTai64n, tainToUnix } from "../../core/time/tain.ts";

const ARCHIVE = /^(@[0-9a-f]{24})\.[sut](\.[a-z0-9]+)?$/;

export interface LogFileName {
  readonly name: string;
  /** Unix seconds of the rotation: no line is younger. Absent for what is not rotated yet. */
  readonly rotatedAt?: number;
}

/**
 * The archives among the names, the oldest first, then `previous` and `current` if they are there.
 */
export function orderedLogFiles(names: readonly string[]): LogFileName[] {
  const archives = names.filter((name) => ARCHIVE.test(name)).sort();
  const present = [PREVIOUS, CURRENT].filter((name) => names.includes(name));
  return [
    ...archives.map((name) => ({ name, rotatedAt: rotationOf(name) })),
    ...present.map((name) => ({ name })),
  ];
}

function rotationOf(name: string): number {
  const { seconds, nano } = tainToUnix(parseTai64n(name.slice(0, 25))!);
  return Number(seconds) + nano / 1e9;
}

/** A span of Unix seconds; open where an end is missing. */
export interface TimeSpan {
  readonly since?: number;
  readonly until?: number;
}

/** Those of the files in which a line of the span can be. */
export function filesWithin<F extends LogFileName>(
  files: readonly F[],
  { since, until }: TimeSpan,
): F[] {
  return files.filter((file, i) => {
    if (since !== undefined && file.rotatedAt !== undefined && file.rotatedAt < since) return false;
    const after = files[i - 1]?.rotatedAt;
    return until === undefined || after === undefined || after <= until;
  });
}

/**
 * How the content of a file is packed, by its first bytes; undefined if it is not, as far as these
 * tell.
 */
export function compressionOf(
  start: Uint8Array,
): "gzip" | "xz" | "zstd" | "bzip2" | "lz4" | undefined {
  const begins = (...bytes: number[]): boolean => bytes.every((byte, i) => start[i] === byte);
  if (begins(0x1f, 0x8b)) return "gzip";
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return "xz";
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
  if (begins(0x42, 0x5a, 0x68) && start[3]! >= 0x31 && start[3]! <= 0x39) return "bzip2";
  return begins(0x04, 0x22, 0x4d, 0x18) ? "lz4" : undefined;
}
