/** The last line in a log directory, read from the end: logs are large. */
import type { LastLine } from "../core/service_report.ts";
import { stampOf } from "../core/log_stamp.ts";
import { CURRENT, isArchiveName } from "../core/rotation.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, readDirectory, tryOpen } from "../libc/file.ts";
import { unixTime } from "../libc/local_time.ts";
import { pread } from "../libc/pread.ts";
import { fstat, isRegular } from "../libc/stat.ts";
import { tainFromUnix } from "../core/tain.ts";

const TAIL_BYTES = 8192;
const LF = 10;
const decoder = new TextDecoder();

/** The newest line of `current`, or of the newest archive while that is empty; undefined if there is none, or this user may not read it. */
export function lastLine(logdir: string): LastLine | undefined {
  const line = lastLineOf(`${logdir}/${CURRENT}`) ?? newestArchiveLine(logdir);
  if (line === undefined) return undefined;
  const stamp = stampOf(line);
  if (stamp === undefined) return { text: decoder.decode(line) };
  const text = decoder.decode(line.subarray(stamp.length));
  if (stamp.kind === "tai64n") return { text, time: stamp.time };
  return { text, time: tainFromUnix(unixTime(stamp.time), stamp.nano) };
}

function newestArchiveLine(logdir: string): Uint8Array | undefined {
  try {
    const newest = readDirectory(logdir).filter(isArchiveName).sort().at(-1);
    return newest === undefined ? undefined : lastLineOf(`${logdir}/${newest}`);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** The last line that is whole; without one, what there is. */
function lastLineOf(path: string): Uint8Array | undefined {
  const fd = tryOpen(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  if (fd < 0) return undefined;
  try {
    const { mode, size } = fstat(fd);
    if (!isRegular(mode)) return undefined;
    const bytes = new Uint8Array(Math.min(size, TAIL_BYTES));
    const count = pread(fd, bytes, size - bytes.length);
    return count <= 0 ? undefined : lastOf(bytes.subarray(0, count));
  } finally {
    close(fd);
  }
}

function lastOf(bytes: Uint8Array): Uint8Array {
  const newline = bytes.lastIndexOf(LF);
  const whole = newline <= 0 ? bytes : bytes.subarray(0, newline);
  return whole.subarray(newline <= 0 ? 0 : whole.lastIndexOf(LF) + 1);
}
