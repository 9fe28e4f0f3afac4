/** s6-setlock: executes a program that holds a lock. Source: s6, doc/s6-setlock.html, daemontools-extras/s6-setlock.c. */
import { EBUSY, ENOENT, strerror } from "../lib/core/errno.ts";
import { parseUint } from "../lib/core/config_file.ts";
import type { CommandTable, ParsedOption } from "../lib/core/getopt.ts";
import { parseCommandLine, UsageError } from "../lib/core/getopt.ts";
import { checked, SyscallError } from "../lib/libc/bind.ts";
import { dup2, isOpen, setCloexec } from "../lib/libc/fd.ts";
import { execFailureCode, execInto } from "../lib/libc/exec.ts";
import { close, O_CREAT, O_NONBLOCK, O_RDONLY, O_WRONLY, tryOpen } from "../lib/libc/file.ts";
import { isInherited } from "../lib/libc/inherited.ts";
import { lockFd } from "../lib/libc/lock.ts";
import { chainLoad } from "./chain_load.ts";
import type { Context } from "./context.ts";
import { Failure } from "./context.ts";
import { selfCommand } from "./self.ts";

const EXIT_NOT_LOCKED = 1;
const LOCK_FILE_MODE = 0o666;

export const table: CommandTable = {
  summary: "Takes a lock on a file, creating it if need be, and executes a program that holds the lock until it ends.",
  usage: "[ -r | -w ] [ -n | -N ] [ -t timeout ] [ -d fd ] lockfile prog...",
  options: [
    { short: "r", text: "shared lock" },
    { short: "w", text: "exclusive lock (the default)" },
    { short: "n", text: "don't wait for the lock" },
    { short: "N", text: "wait for the lock (the default)" },
    { short: "t", arg: "MS", text: "wait no longer than so many milliseconds; 0: no limit" },
    { short: "d", arg: "FD", text: "let the program have the lock's file open as descriptor FD" },
  ],
  exits: [
    ["1", "the lock is somebody else's"],
    ["100", "wrong usage"],
    ["111", "system call failed"],
    ["126", "the program can't be executed"],
    ["127", "the program was not found"],
  ],
  example: "s6-setlock -t 5000 /run/lock/backup ./backup",
};

interface Request {
  readonly exclusive: boolean;
  readonly wait: boolean;
  /** 0: no limit. */
  readonly timeoutMs: number;
  readonly lockFdNumber: number | undefined;
}

export async function main(context: Context): Promise<number> {
  const { options, operands } = parseCommandLine(context.argv, table.options);
  const request = parseRequest(options);
  const [file, ...prog] = operands;
  if (file === undefined || prog.length === 0) throw new UsageError("a lock file and a program are needed");
  const { exclusive, lockFdNumber } = request;
  const fd = moveTo(openLockFile(file, exclusive), lockFdNumber, context.argv);
  await takeLock(file, fd, request);
  setCloexec(fd, false);
  return chainLoad(prog);
}

function parseRequest(options: readonly ParsedOption[]): Request {
  let exclusive = true;
  let wait = true;
  let timeoutMs = 0;
  let lockFdNumber: number | undefined;
  for (const { name, value } of options) {
    if (name === "t") timeoutMs = parseNumber("timeout", value);
    else if (name === "d") lockFdNumber = parseNumber("descriptor", value) | 0;
    else if (name === "r" || name === "w") exclusive = name === "w";
    else wait = name === "N";
  }
  return { exclusive, wait, timeoutMs, lockFdNumber };
}

function parseNumber(what: string, text: string): number {
  const number = parseUint(text);
  if (number === undefined) throw new UsageError(`invalid ${what}: ${text}`);
  return number;
}

function openLockFile(file: string, exclusive: boolean): number {
  if (exclusive) return openFor("writing", file, O_WRONLY | O_CREAT);
  const fd = tryOpen(file, O_RDONLY | O_NONBLOCK);
  if (fd !== -ENOENT) return checked(`open ${file} for reading`, fd);
  close(checked(`create ${file}`, tryOpen(file, O_WRONLY | O_NONBLOCK | O_CREAT, LOCK_FILE_MODE)));
  return openFor("reading", file, O_RDONLY);
}

function openFor(purpose: string, file: string, flags: number): number {
  return checked(`open ${file} for ${purpose}`, tryOpen(file, flags | O_NONBLOCK, LOCK_FILE_MODE));
}

/**
 * Gives the file the number that the program is to see, before it is locked: closing the first descriptor afterwards would drop the lock.
 * Where the runtime has taken that number for itself, this process begins anew with the number already given away.
 */
function moveTo(fd: number, wantedFd: number | undefined, argv: readonly string[]): number {
  if (wantedFd === undefined || wantedFd === fd) return fd;
  const isRuntimes = isOpen(wantedFd) && !isInherited(wantedFd);
  checked("move lock descriptor", dup2(fd, wantedFd));
  if (isRuntimes) {
    const again = selfCommand("s6-setlock", argv);
    const errno = -execInto(again.argv, { path: again.path });
    throw new Failure(execFailureCode(errno), `unable to exec ${again.path}: ${strerror(errno)}`);
  }
  close(fd);
  return wantedFd;
}

async function takeLock(file: string, fd: number, { exclusive, wait, timeoutMs }: Request): Promise<void> {
  try {
    if (!wait || timeoutMs === 0) {
      if (lockFd(fd, { exclusive, wait })) return;
      throw new Failure(EXIT_NOT_LOCKED, `unable to lock ${file}: ${strerror(EBUSY)}`);
    }
    const { lockFdWithin } = await import("../lib/libc/timed_lock.ts");
    if (!await lockFdWithin(fd, { exclusive, timeoutMs })) throw new Failure(EXIT_NOT_LOCKED, `unable to lock ${file}: timed out`);
  } catch (error) {
    if (error instanceof SyscallError) throw new Failure(EXIT_NOT_LOCKED, `unable to lock ${file}: ${strerror(error.errno)}`);
    throw error;
  }
}
