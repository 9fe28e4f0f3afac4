/** The last lines in a log directory, read from the end: logs are large. */
import { stampOf } from "./core/log_stamp.ts";
import { CURRENT, isArchiveName } from "./core/rotation.ts";
import type { LastLine } from "../status/core/service_report.ts";
import { tainFromUnix } from "../core/time/tain.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readDirectory, tryOpen } from "../libc/file.ts";
import { unixTime } from "../libc/clock.ts";
import { fstat, isRegular } from "../libc/stat.ts";
import { linesBackward } from "./backward.ts";

/** Of a longer line only the end is kept. */
const LONGEST_LINE = 8192;
const decoder = new TextDecoder();

/** The newest line; undefined if there is none, or this user may not read it. */
export function lastLine(logdir: string): LastLine | undefined {
  return lastLines(logdir, 1)[0];
}

/**
 * The newest `count` lines, oldest first, of `current` and, as far as it is shorter, of the newest
 * archive.
 */
export function lastLines(logdir: string, count: number): LastLine[] {
  const lines = lastLinesOf(`${logdir}/${CURRENT}`, count);
  const archive = lines.length < count ? newestArchive(logdir) : undefined;
  return archive === undefined
    ? lines
    : [...lastLinesOf(`${logdir}/${archive}`, count - lines.length), ...lines];
}

function newestArchive(logdir: string): string | undefined {
  try {
    return readDirectory(logdir).filter(isArchiveName).sort().at(-1);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

function lastLinesOf(path: string, count: number): LastLine[] {
  const fd = tryOpen(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0) return [];
  try {
    const { mode, size } = fstat(fd);
    return isRegular(mode)
      ? linesBackward(fd, size, LONGEST_LINE).take(count).map(({ bytes }) => readLine(bytes))
        .toArray().reverse()
      : [];
  } finally {
    close(fd);
  }
}

/** A line of a log as it is shown: its stamp apart. */
export function readLine(line: Uint8Array): LastLine {
  const stamp = stampOf(line);
  if (stamp === undefined) return { text: decoder.decode(line) };
  const text = decoder.decode(line.subarray(stamp.length));
  return {
    text,
    time: stamp.kind === "tai64n" ? stamp.time : tainFromUnix(unixTime(stamp.time), stamp.nano),
  };
}
