/**
 * Descriptors: pipes, copies, flags, and whether one is ready.
 *
 * Reading and writing at an offset. Source: pread(2).
 *
 * A file that is nowhere but in memory, and gone when it is closed. Source: memfd_create(2).
 */
import { encodeCString } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { O_CLOEXEC, O_NONBLOCK } from "../core/linux/open_flags.ts";

const F_GETFD = 1;
const F_SETFD = 2;
const F_GETFL = 3;
const F_DUPFD_CLOEXEC = 1030;
const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;
const F_GETPIPE_SZ = 1032;
const F_ADD_SEALS = 1033;
const F_GET_SEALS = 1034;
/** F_SEAL_SEAL, F_SEAL_SHRINK, F_SEAL_GROW, F_SEAL_WRITE: nothing of it changes any more. */
const ALL_SEALS = 15;
const FD_CLOEXEC = 1;
const FIONREAD = 0x541bn;

export const POLLIN = 1;
export const POLLOUT = 4;
export const POLLERR = 8;
export const POLLHUP = 16;

const libc = bindLibrary({
  pipe2: { parameters: ["buffer", "i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
  fcntl: { parameters: ["i32", "i32", "i32"], result: "i32" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  poll: {
    parameters: [
      "buffer", // struct pollfd *fds
      "usize", // nfds_t nfds
      "i32", // int timeout
    ],
    result: "i32",
  },
  pread: {
    parameters: [
      "i32", // int fd
      "buffer", // void *buf
      "usize", // size_t count
      "i64", // off_t offset
    ],
    result: "i32", // counts stay far below 2 GiB
  },
  pwrite: {
    parameters: [
      "i32", // int fd
      "buffer", // const void *buf
      "usize", // size_t count
      "i64", // off_t offset
    ],
    result: "i32", // counts stay far below 2 GiB
  },
  memfd_create: {
    parameters: [
      "buffer", // const char *name
      "u32", // unsigned int flags
    ],
    result: "i32",
  },
});

export interface Pipe {
  readonly readFd: number;
  readonly writeFd: number;
}

/** A pipe whose ends are close-on-exec. @throws {SyscallError} If there is no descriptor left. */
export function pipe(): Pipe {
  const ends = new Int32Array(2);
  checked("create a pipe", call(libc.pipe2, ends, O_CLOEXEC));
  return { readFd: ends[0]!, writeFd: ends[1]! };
}

/** Makes `to` a copy of `from`; the copy is not close-on-exec. `to`, or `-errno`. */
export function dup2(from: number, to: number): number {
  return call(libc.dup2, from, to);
}

/** A close-on-exec copy of `fd` with a number of at least `atLeast`, or `-errno`. */
export function dupAbove(fd: number, atLeast: number): number {
  return call(libc.fcntl, fd, F_DUPFD_CLOEXEC, atLeast);
}

/** @throws {SyscallError} If `fd` is not open. */
export function setCloexec(fd: number, on: boolean): void {
  checked(`set the flags of descriptor ${fd}`, call(libc.fcntl, fd, F_SETFD, on ? FD_CLOEXEC : 0));
}

export function isOpen(fd: number): boolean {
  return call(libc.fcntl, fd, F_GETFD, 0) >= 0;
}

/** The status flags of an open descriptor (O_NONBLOCK and so on), or `-errno`. */
export function statusFlags(fd: number): number {
  return call(libc.fcntl, fd, F_GETFL, 0);
}

/**
 * Makes reads and writes through the open file wait, or not, for all who share it. 0, or `-errno`.
 */
export function setNonblocking(fd: number, on: boolean): number {
  const flags = statusFlags(fd);
  if (flags < 0) return flags;
  return call(libc.fcntl, fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

export interface PollRequest {
  readonly fd: number;
  /** POLLIN, POLLOUT, or both. */
  readonly events: number;
}

/**
 * poll(2). The `revents` of each descriptor, in order; all zero when the time was up or a signal
 * came.
 */
export function poll(requests: readonly PollRequest[], timeoutMs: number): number[] {
  const record = new DataView(new ArrayBuffer(8 * requests.length));
  requests.forEach(({ fd, events }, i) => {
    record.setInt32(8 * i, fd, true);
    record.setInt16(8 * i + 4, events, true);
  });
  call(libc.poll, new Uint8Array(record.buffer), BigInt(requests.length), timeoutMs);
  return requests.map((_, i) => record.getInt16(8 * i + 6, true));
}

const one = new DataView(new ArrayBuffer(8));
const oneBytes = new Uint8Array(one.buffer);

/**
 * Would a read (POLLIN) or a write (POLLOUT) not have to wait, be it only to be told of an end or
 * an error?
 */
export function isReady(fd: number, events: number): boolean {
  one.setInt32(0, fd, true);
  one.setInt32(4, events, true);
  return call(libc.poll, oneBytes, 1n, 0) > 0;
}

/** How many bytes a reader would find in the pipe or FIFO right now; 0 if that can't be told. */
export function pipeBytes(fd: number): number {
  const count = new Int32Array(1);
  return libc.ioctl(fd, FIONREAD, count) < 0 ? 0 : count[0]!;
}

/** How many bytes the pipe can hold; 0 if `fd` is none. */
export function pipeCapacity(fd: number): number {
  return Math.max(0, call(libc.fcntl, fd, F_GETPIPE_SZ, 0));
}

/**
 * Makes the pipe hold `sizeBytes`. Refused to unprivileged users above a total for each user: false
 * then.
 */
export function growPipe(fd: number, sizeBytes: number): boolean {
  return call(libc.fcntl, fd, F_SETPIPE_SZ, sizeBytes) >= 0;
}

/**
 * Reads into `buffer` from `offset` bytes into the file. Returns the number of bytes, 0 at end of
 * file, or `-errno`.
 */
export function pread(fd: number, buffer: Uint8Array<ArrayBuffer>, offset: number): number {
  return call(libc.pread, fd, buffer, BigInt(buffer.length), BigInt(offset));
}

/** Writes `bytes` at `offset`. Returns how many were written, or `-errno`. */
export function pwrite(fd: number, bytes: Uint8Array<ArrayBuffer>, offset: number): number {
  return call(libc.pwrite, fd, bytes, BigInt(bytes.length), BigInt(offset));
}

const MFD_CLOEXEC = 1;
const MFD_ALLOW_SEALING = 2;

/**
 * A close-on-exec descriptor for reading and writing, or `-errno`. @param name Shown in /proc, and
 * nowhere else.
 */
export function memfdCreate(name: string): number {
  return call(libc.memfd_create, encodeCString(name), MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

/** Nobody can change it from now on. 0, or `-errno`. */
export function seal(memfd: number): number {
  return call(libc.fcntl, memfd, F_ADD_SEALS, ALL_SEALS);
}

export function isSealed(fd: number): boolean {
  return call(libc.fcntl, fd, F_GET_SEALS, 0) === ALL_SEALS;
}
