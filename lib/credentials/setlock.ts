/**
 * s6-setlock: a lock on a file, which the program that the chain ends in goes on holding.
 *
 * The lock is the process's, and it is gone as soon as the process closes any descriptor of the
 * file. So the descriptor must have the number that the program is to see before it is locked.
 * Source: s6, doc/s6-setlock.html, daemontools-extras/s6-setlock.c.
 */
import { parseUint } from "../core/linux/config_file.ts";
import { EBUSY, ENOENT, strerror } from "../core/linux/errno.ts";
import { type ParsedOption, UsageError } from "../core/cli/getopt.ts";
import { needWords } from "../execline/arguments.ts";
import { goOn, type Link, type LinkResult } from "../execline/link.ts";
import { LinkFailure, NeedsProcess } from "../execline/link_failure.ts";
import { openForChain, type State } from "../execline/state.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { dup2, dupAbove, isOpen, setCloexec } from "../libc/fd.ts";
import { O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { close } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { lockFd } from "../libc/lock.ts";

const EXIT_NOT_LOCKED = 1;
const LOCK_FILE_MODE = 0o666;

interface Request {
  readonly exclusive: boolean;
  readonly wait: boolean;
  /** 0: no limit. */
  readonly timeoutMs: number;
  readonly number: number | undefined;
}

function parseNumber(what: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) throw new UsageError(`invalid ${what}: ${text}`);
  return number;
}

function parseRequest(options: readonly ParsedOption[]): Request {
  let exclusive = true;
  let wait = true;
  let timeoutMs = 0;
  let number: number | undefined;
  for (const { name, value } of options) {
    if (name === "t") timeoutMs = parseNumber("timeout", value);
    else if (name === "d") number = parseNumber("descriptor", value) | 0;
    else if (name === "r" || name === "w") exclusive = name === "w";
    else wait = name === "N";
  }
  return { exclusive, wait, timeoutMs, number };
}

function openLockFile(state: State, file: string, exclusive: boolean): number {
  const open = (purpose: string, flags: number): number =>
    checked(
      `open ${file} for ${purpose}`,
      openForChain(state, file, flags | O_NONBLOCK, LOCK_FILE_MODE),
    );
  if (exclusive) return open("writing", O_WRONLY | O_CREAT);
  const fd = openForChain(state, file, O_RDONLY | O_NONBLOCK, 0);
  if (fd !== -ENOENT) return checked(`open ${file} for reading`, fd);
  close(
    checked(
      `create ${file}`,
      openForChain(state, file, O_WRONLY | O_NONBLOCK | O_CREAT, LOCK_FILE_MODE),
    ),
  );
  return open("reading", O_RDONLY);
}

/**
 * Makes the file the chain's descriptor `number`, or some number that is free, and ours of the same
 * number.
 *
 * @throws {NeedsProcess} If the runtime has that number for itself: a process that begins with it
 *   open can't use it for anything else.
 */
function placeFile(state: State, fd: number, number: number | undefined): number {
  let placed = fd;
  if (number === undefined) {
    while (state.fds.real(placed) !== undefined) {
      placed = checked("copy descriptor", dupAbove(fd, placed + 1));
    }
  } else if (number !== fd) {
    if (isOpen(number) && !isInherited(number)) {
      checked("move lock descriptor", state.fds.put(number, fd));
      throw new NeedsProcess();
    }
    state.fds.close(number);
    placed = checked("move lock descriptor", dup2(fd, number));
    setCloexec(placed, true);
  }
  if (placed !== fd) close(fd);
  checked("move lock descriptor", state.fds.put(placed, placed));
  return placed;
}

async function takeLock(
  file: string,
  fd: number,
  { exclusive, wait, timeoutMs }: Request,
): Promise<void> {
  try {
    if (!wait || timeoutMs === 0) {
      if (lockFd(fd, { exclusive, wait })) return;
      throw new LinkFailure(EXIT_NOT_LOCKED, `unable to lock ${file}: ${strerror(EBUSY)}`);
    }
    const { lockFdWithin } = await import("../libc/lock.ts");
    if (!await lockFdWithin(fd, { exclusive, timeoutMs })) {
      throw new LinkFailure(EXIT_NOT_LOCKED, `unable to lock ${file}: timed out`);
    }
  } catch (error) {
    if (error instanceof SyscallError) {
      throw new LinkFailure(EXIT_NOT_LOCKED, `unable to lock ${file}: ${strerror(error.errno)}`);
    }
    throw error;
  }
}

/** s6-setlock [ -r | -w ] [ -n | -N ] [ -t timeout ] [ -d fd ] lockfile prog... */
export const setlock: Link = {
  nature: "process",
  async run({ state, options, words }): Promise<LinkResult> {
    const request = parseRequest(options);
    needWords(words, 2, "a lock file and a program are");
    const file = words.first!;
    const fd = placeFile(state, openLockFile(state, file, request.exclusive), request.number);
    await takeLock(file, fd, request);
    return goOn(words.slice(1));
  },
};
