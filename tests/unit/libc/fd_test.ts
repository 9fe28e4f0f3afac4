import { assert, assertEquals, assertThrows } from "@std/assert";
import { EBADF } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import {
  dup2,
  dupAbove,
  isOpen,
  isReady,
  pipe,
  pipeBytes,
  poll,
  POLLHUP,
  POLLIN,
  POLLOUT,
  setCloexec,
  statusFlags,
} from "../../../lib/libc/fd.ts";
import { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } from "../../../lib/core/linux/open_flags.ts";
import { close, open, read, write } from "../../../lib/libc/file.ts";
import { shell } from "./child_output.ts";

const ONE = new Uint8Array([120]);

/** Which of these descriptors a child finds open. */
function inChild(...fds: readonly number[]): number[] {
  const open = new Set(
    shell("echo /proc/self/fd/*").trim().split(" ").map((path) =>
      Number(path.slice(path.lastIndexOf("/") + 1))
    ),
  );
  return fds.filter((fd) => open.has(fd));
}

Deno.test("pipe(): what is written to one end comes out of the other; children get neither", () => {
  const { readFd, writeFd } = pipe();
  assertEquals(write(writeFd, new Uint8Array([1, 2, 3])), 3);
  const buffer = new Uint8Array(8);
  assertEquals([read(readFd, buffer), [...buffer.subarray(0, 3)]], [3, [1, 2, 3]]);
  assertEquals(inChild(readFd, writeFd), []);
  close(writeFd);
  assertEquals(read(readFd, buffer), 0);
  close(readFd);
});

Deno.test("dup2() makes a copy that children get, dupAbove() one that they don't", () => {
  const { readFd, writeFd } = pipe();
  const copy = dupAbove(writeFd, 200);
  assert(copy >= 200);
  assertEquals(dup2(writeFd, 250), 250);
  assertEquals(inChild(copy, 250), [250]);
  for (const fd of [writeFd, copy, 250]) write(fd, ONE);
  assertEquals(pipeBytes(readFd), 3);
  for (const fd of [readFd, writeFd, copy, 250]) close(fd);
  assertEquals([dup2(writeFd, 250), dupAbove(writeFd, 3)], [-EBADF, -EBADF]);
});

Deno.test("setCloexec() decides what children get", () => {
  const { readFd, writeFd } = pipe();
  setCloexec(writeFd, false);
  assertEquals(inChild(writeFd), [writeFd]);
  setCloexec(writeFd, true);
  assertEquals(inChild(writeFd), []);
  close(readFd);
  close(writeFd);
  assertThrows(
    () => setCloexec(writeFd, true),
    SyscallError,
    `unable to set the flags of descriptor ${writeFd}: Bad file descriptor`,
  );
});

Deno.test("isOpen(): until it is closed", () => {
  const { readFd, writeFd } = pipe();
  assertEquals([isOpen(readFd), isOpen(writeFd)], [true, true]);
  close(writeFd);
  assertEquals([isOpen(readFd), isOpen(writeFd), isOpen(-1), isOpen(999_999)], [
    true,
    false,
    false,
    false,
  ]);
  close(readFd);
});

Deno.test("isReady(): there is something to read, an end, room", () => {
  const { readFd, writeFd } = pipe();
  assertEquals([isReady(readFd, POLLIN), isReady(writeFd, POLLOUT)], [false, true]);
  write(writeFd, ONE);
  assertEquals(isReady(readFd, POLLIN), true);
  read(readFd, new Uint8Array(1));
  assertEquals(isReady(readFd, POLLIN), false);
  close(writeFd);
  assertEquals(isReady(readFd, POLLIN), true);
  close(readFd);
});

Deno.test("statusFlags(): how it was opened", () => {
  const plain = open("/dev/null", O_RDONLY);
  const other = open("/dev/null", O_RDWR | O_NONBLOCK);
  assertEquals([
    statusFlags(plain) & (O_RDWR | O_WRONLY | O_NONBLOCK),
    statusFlags(other) & (O_RDWR | O_WRONLY | O_NONBLOCK),
  ], [
    O_RDONLY,
    O_RDWR | O_NONBLOCK,
  ]);
  close(plain);
  close(other);
  assertEquals(statusFlags(plain), -EBADF);
});

Deno.test("poll(): each descriptor's own answer, in the order of the questions", () => {
  const empty = pipe();
  const full = pipe();
  const ended = pipe();
  write(full.writeFd, ONE);
  close(ended.writeFd);
  const answers = poll([
    { fd: empty.readFd, events: POLLIN },
    { fd: full.readFd, events: POLLIN },
    { fd: ended.readFd, events: POLLIN },
    { fd: empty.writeFd, events: POLLOUT },
    { fd: full.readFd, events: POLLOUT },
  ], 0);
  assertEquals(answers, [0, POLLIN, POLLHUP, POLLOUT, 0]);
  for (const fd of [empty.readFd, empty.writeFd, full.readFd, full.writeFd, ended.readFd]) {
    close(fd);
  }
});

Deno.test("poll(): nothing asked, and a pipe that is full", () => {
  assertEquals(poll([], 0), []);
  const { readFd, writeFd } = pipe();
  while (poll([{ fd: writeFd, events: POLLOUT }], 0)[0] === POLLOUT) {
    write(writeFd, new Uint8Array(4096));
  }
  assertEquals(pipeBytes(readFd), 65_536);
  close(readFd);
  close(writeFd);
});

Deno.test("pipeBytes(): what a reader would find; 0 for what is no pipe", () => {
  const { readFd, writeFd } = pipe();
  assertEquals(pipeBytes(readFd), 0);
  write(writeFd, new Uint8Array(1234));
  assertEquals(pipeBytes(readFd), 1234);
  close(readFd);
  close(writeFd);
  assertEquals(pipeBytes(readFd), 0);
});
