/**
 * What happens to the files of a log directory: which of them are what, when `current` is full,
 * which archives go. Pure.
 *
 * | file | meaning |
 * |---|---|
 * | current | being written: mode 0666 less the umask. With u+x added it was closed in good order |
 * | previous | was current; a rotation is under way |
 * | processed, newstate | what the processor has made; processed with u+x is complete |
 * | state | what the processor left for its next run |
 * | @<24 hex>.s, .u | archives: safely stored; found unfinished after a crash |
 *
 * Source: s6-log(8) of s6 2.15.1.
 */

export const CURRENT = "current";
export const PREVIOUS = "previous";
export const PROCESSED = "processed";
export const STATE = "state";
export const NEWSTATE = "newstate";

const LF = 10;

/** What is known of one file. */
export interface LogFile {
  readonly executable: boolean;
}

/** The three files that tell how an earlier logger ended; absent if there is none. */
export interface LogdirFacts {
  readonly current?: LogFile;
  readonly previous?: LogFile;
  readonly processed?: LogFile;
}

export type LogdirStep =
  | { readonly kind: "unlink"; readonly name: string }
  /**
   * Give the file its archive name with this suffix, then remove the old name, then trim. Nothing
   * of it is kept if it is empty.
   */
  | { readonly kind: "archive"; readonly name: string; readonly suffix: "s" | "u" }
  | { readonly kind: "truncate"; readonly name: string };

/**
 * What a logger does before it begins. After a clean end nothing; else the rotation that was under
 * way is finished, or what it had not begun to store is kept as unfinished. May be cut short at any
 * step and done again.
 */
export function startPlan(facts: LogdirFacts): readonly LogdirStep[] {
  if (facts.current?.executable) return [];
  const rotation: LogdirStep[] = facts.processed?.executable
    ? [{ kind: "unlink", name: PREVIOUS }, { kind: "archive", name: PROCESSED, suffix: "s" }]
    : [{ kind: "unlink", name: PROCESSED }, { kind: "archive", name: PREVIOUS, suffix: "u" }];
  return [
    { kind: "unlink", name: STATE },
    { kind: "unlink", name: NEWSTATE },
    ...rotation,
    { kind: "archive", name: CURRENT, suffix: "u" },
    { kind: "truncate", name: STATE },
  ];
}

export interface SizeLimit {
  readonly sizeBytes: number;
  readonly toleranceBytes: number;
}

/** Is a file of `size` bytes, which ends with a whole line, to be rotated? */
export function isFull(size: number, limit: SizeLimit): boolean {
  return size + limit.toleranceBytes >= limit.sizeBytes;
}

/**
 * How many bytes of `lines` go into a file that has `size` bytes already: all, or those up to the
 * first line end at which the file is full.
 *
 * @param lines Whole lines, each with its newline.
 */
export function fillLength(lines: Uint8Array, size: number, limit: SizeLimit): number {
  const missing = limit.sizeBytes - limit.toleranceBytes - size;
  if (missing > lines.length) return lines.length;
  const end = lines.indexOf(LF, Math.max(0, missing - 1));
  return end < 0 ? lines.length : end + 1;
}

/** How many bytes of `lines` fit whole into `roomBytes`; 0: not even the first line does. */
export function fittingLength(lines: Uint8Array, roomBytes: number): number {
  return lines.length <= roomBytes
    ? lines.length
    : lines.subarray(0, Math.max(0, roomBytes)).lastIndexOf(LF) + 1;
}

const ARCHIVE_NAME = /^@[0-9a-f]{24}\.[su]$/;

/** Is it the name of an archive? */
export function isArchiveName(name: string): boolean {
  return ARCHIVE_NAME.test(name);
}

export interface Archive {
  readonly name: string;
  readonly size: number;
}

/**
 * The archives to remove, the oldest first, so that at most `archivesMax` stay and at most
 * `totalBytes` (0: any amount) together.
 */
export function excessArchives(
  archives: readonly Archive[],
  limits: { archivesMax: number; totalBytes: number },
): readonly Archive[] {
  const byAge = [...archives].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  let total = byAge.reduce((sum, { size }) => sum + size, 0);
  let count = 0;
  while (
    count < byAge.length &&
    (byAge.length - count > limits.archivesMax ||
      (limits.totalBytes > 0 && total > limits.totalBytes))
  ) {
    total -= byAge[count]!.size;
    count++;
  }
  return byAge.slice(0, count);
}
