/** Runs a program to its end and gives what it wrote, with nothing else to do meanwhile. */
import { EXIT_CANNOT_EXEC, EXIT_NOT_FOUND } from "../core/cli/exit_codes.ts";
import { EINTR, ENOENT } from "../core/linux/errno.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { memfdCreate, pread } from "../libc/fd.ts";
import { close, open, writeAll } from "../libc/file.ts";
import { waitFor } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import { fstat } from "../libc/stat.ts";
import { ImageFailure } from "./image_failure.ts";

export interface Captured {
  /** 128 + signal for a signal. */
  readonly exitStatus: number;
  readonly stdout: string;
  /** The first line of its messages. */
  readonly complaint: string;
}

export interface CaptureOptions {
  /** Where it runs; default: here. */
  readonly directory?: string;
  /** What it reads; default: nothing. */
  readonly input?: Uint8Array<ArrayBuffer>;
}

const NO_INPUT = new Uint8Array(0);

/** @throws {ImageFailure} If there is no such program, or it can't be executed. */
export function capture(
  words: readonly string[],
  { directory, input = NO_INPUT }: CaptureOptions = {},
): Captured {
  using stack = new DisposableStack();
  // files in memory: nobody has to read while the program writes
  const [given, out, err] = ["input", "output", "messages"].map((name) => {
    const fd = checked(`create a file in memory`, memfdCreate(name));
    stack.defer(() => close(fd));
    return fd;
  });
  writeAll(given!, input);
  // opened anew, it is read from its beginning
  const inputFd = open(`/proc/self/fd/${given}`, O_RDONLY);
  stack.defer(() => close(inputFd));
  const pid = spawn({
    path: words[0]!,
    argv: words,
    searchPath: true,
    fds: [[0, inputFd], [1, out!], [2, err!]],
    ...(directory === undefined ? {} : { directory }),
  });
  if (pid < 0) throw unableToRun(words[0]!, -pid);
  return {
    exitStatus: exitStatusOf(waitFor(pid)),
    stdout: decodePath(contentOf(out!)),
    complaint: decodePath(contentOf(err!)).trim().split("\n")[0]!,
  };
}

/** Why a program that PATH should have has not been started. */
export function unableToRun(name: string, errno: number): ImageFailure {
  if (errno === ENOENT) return new ImageFailure(EXIT_NOT_FOUND, `there is no ${name} in PATH`);
  return new ImageFailure(EXIT_CANNOT_EXEC, new SyscallError(`run ${name}`, errno).message);
}

function contentOf(fd: number): Uint8Array {
  const bytes = new Uint8Array(fstat(fd).size);
  for (let length = 0; length < bytes.length;) {
    const count = pread(fd, bytes.subarray(length), length);
    if (count === -EINTR) continue;
    if (checked("read what a program has written", count) === 0) return bytes.subarray(0, length);
    length += count;
  }
  return bytes;
}
