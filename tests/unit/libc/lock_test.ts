/**
 * Record locks are a process's own: who else holds one is another process here, `lock_holder.ts`.
 */
import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { O_RDONLY, O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { close, open } from "../../../lib/libc/file.ts";
import { isLocked, lockFd } from "../../../lib/libc/lock.ts";
import { type Background, start } from "../../fixture/command.ts";
import { makeTree } from "../../fixture/tree.ts";

const HOLDER = new URL("./lock_holder.ts", import.meta.url).pathname;

/** Another process that holds a lock on `path` until its standard input ends. */
async function hold(path: string, kind: "exclusive" | "shared"): Promise<Background> {
  const holder = start(Deno.execPath(), ["run", "-A", "--no-check", HOLDER, path, kind]);
  await holder.stdout.until("held\n");
  return holder;
}

const NOW = { exclusive: true, wait: false };
const SHARED = { exclusive: false, wait: false };

Deno.test("lockFd(): what another process holds is refused, seen by isLocked(), and free when that process has ended", async () => {
  using tree = makeTree({ "lock": "" });
  await using holder = await hold(tree.path("lock"), "exclusive");
  const fd = open(tree.path("lock"), O_RDWR);
  assertEquals([lockFd(fd, NOW), lockFd(fd, SHARED), isLocked(fd)], [false, false, true]);
  holder.kill("SIGKILL");
  await holder.ended();
  assertEquals([isLocked(fd), lockFd(fd, NOW)], [false, true]);
  close(fd);
});

Deno.test("lockFd(): a shared lock admits shared ones, no exclusive one", async () => {
  using tree = makeTree({ "lock": "" });
  await using _holder = await hold(tree.path("lock"), "shared");
  const fd = open(tree.path("lock"), O_RDWR);
  assertEquals([lockFd(fd, SHARED), lockFd(fd, NOW)], [true, false]);
  close(fd);
});

Deno.test("lockFd(): our own lock is none to ourselves; another process waits for it until we close the file", async () => {
  using tree = makeTree({ "lock": "" });
  const fd = open(tree.path("lock"), O_RDWR);
  assertEquals([lockFd(fd, NOW), lockFd(fd, NOW), isLocked(fd)], [true, true, false]);
  const holder = hold(tree.path("lock"), "exclusive");
  // any descriptor of the file: that is what makes these locks so easy to lose
  const other = open(tree.path("lock"), O_RDONLY);
  close(other);
  await using process = await holder;
  assertEquals(lockFd(fd, NOW), false);
  await process.stdin.close();
  assertEquals(await process.ended(), 0);
  close(fd);
});

Deno.test("lockFd() that waits: has the lock when it comes back", async () => {
  using tree = makeTree({ "lock": "" });
  await using holder = await hold(tree.path("lock"), "exclusive");
  const fd = open(tree.path("lock"), O_RDWR);
  await holder.stdin.close();
  assertEquals(lockFd(fd, { exclusive: true, wait: true }), true);
  assertEquals(await holder.ended(), 0);
  close(fd);
});

Deno.test("lockFd(): a descriptor that can't have such a lock is an error", () => {
  using tree = makeTree({ "lock": "" });
  const fd = open(tree.path("lock"), O_RDONLY);
  assertThrows(() => lockFd(fd, NOW), SyscallError, "unable to lock: Bad file descriptor");
  close(fd);
  assertThrows(() => isLocked(fd), SyscallError, "unable to read the lock: Bad file descriptor");
});
