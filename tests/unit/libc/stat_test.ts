import { assert, assertEquals, assertThrows } from "@std/assert";
import { EBADF, ELOOP, ENOENT, ENOTDIR } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import { O_RDWR } from "../../../lib/core/linux/open_flags.ts";
import { chown, close, ftruncate, mkfifo, open } from "../../../lib/libc/file.ts";
import {
  fstat,
  isDirectory,
  isFifo,
  isNameless,
  isRegular,
  S_IFLNK,
  S_IFMT,
  type Stat,
  stat,
  tryLstat,
  tryStat,
} from "../../../lib/libc/stat.ts";
import { isMountedNoexec } from "../../../lib/libc/mount.ts";
import { makeTree } from "../../fixture/tree.ts";

Deno.test("stat(): device, inode, mode, owner and size are those that others see", () => {
  using tree = makeTree({ "run!": "12345", "directory/": "" });
  chown(tree.path("run"), 1234, 5678); // refused to ordinary users, and then it stays theirs
  Deno.chmodSync(tree.path("run"), 0o4751);
  for (const name of ["run", "directory"]) {
    const ours = stat(tree.path(name));
    const theirs = Deno.statSync(tree.path(name));
    assertEquals([Number(ours.dev), Number(ours.ino), ours.mode, ours.uid, ours.gid, ours.size], [
      theirs.dev,
      theirs.ino,
      theirs.mode,
      theirs.uid,
      theirs.gid,
      theirs.size,
    ]);
  }
});

Deno.test("stat(): a size beyond 4 GiB", () => {
  using tree = makeTree({ "file": "" });
  const fd = open(tree.path("file"), O_RDWR);
  ftruncate(fd, 5_000_000_001);
  assertEquals([fstat(fd).size, stat(tree.path("file")).size], [5_000_000_001, 5_000_000_001]);
  close(fd);
});

Deno.test("isNameless(): once the last name of an open file is gone", () => {
  using tree = makeTree({ "file": "" });
  Deno.linkSync(tree.path("file"), tree.path("other"));
  const fd = open(tree.path("file"), O_RDWR);
  const seen = [isNameless(fd)];
  for (const name of ["file", "other"]) {
    tree.remove(name);
    seen.push(isNameless(fd));
  }
  assertEquals(seen, [false, false, true]);
  close(fd);
});

Deno.test("stat() follows links, tryLstat() does not", () => {
  using tree = makeTree({
    "file": "12345",
    "link=": "file",
    "dangling=": "nowhere",
    "loop=": "loop",
  });
  assertEquals(stat(tree.path("link")), stat(tree.path("file")));
  const link = tryLstat(tree.path("link")) as Stat;
  assertEquals([link.mode & S_IFMT, link.size], [S_IFLNK, 4]);
  assertEquals([
    tryStat(tree.path("dangling")),
    tryStat(tree.path("loop")),
    typeof tryLstat(tree.path("dangling")),
  ], [
    -ENOENT,
    -ELOOP,
    "object",
  ]);
});

Deno.test("isFifo(), isDirectory(), isRegular(): each kind is one of them or none", () => {
  using tree = makeTree({ "file": "", "directory/": "" });
  mkfifo(tree.path("fifo"), 0o600);
  const { readFd, writeFd } = pipe();
  const modes = [tree.path("file"), tree.path("directory"), tree.path("fifo"), "/dev/null"].map((
    path,
  ) => stat(path).mode);
  const kinds = [...modes, fstat(readFd).mode].map((
    mode,
  ) => [isRegular(mode), isDirectory(mode), isFifo(mode)]);
  assertEquals(kinds, [[true, false, false], [false, true, false], [false, false, true], [
    false,
    false,
    false,
  ], [false, false, true]]);
  close(readFd);
  close(writeFd);
});

Deno.test("stat() and fstat(): what can't be looked at says so", () => {
  using tree = makeTree({ "file": "" });
  assertEquals([
    tryStat(tree.path("missing")),
    tryStat(tree.path("file/below")),
    tryLstat(tree.path("missing")),
  ], [
    -ENOENT,
    -ENOTDIR,
    -ENOENT,
  ]);
  assertThrows(
    () => stat("/nonexistent"),
    SyscallError,
    "unable to stat /nonexistent: No such file or directory",
  );
  const error = assertThrows(
    () => fstat(999_999),
    SyscallError,
    "unable to fstat 999999: Bad file descriptor",
  );
  assertEquals(error.errno, EBADF);
});

Deno.test("stat(): one record is not the next one's", () => {
  using tree = makeTree({ "one": "1", "two": "22" });
  const one = stat(tree.path("one"));
  const two = stat(tree.path("two"));
  assertEquals([one.size, two.size], [1, 2]);
  assert(one.ino !== two.ino);
});

Deno.test("isMountedNoexec(): /proc is, the temporary directory is as its mount says, a missing path can't tell", () => {
  const mounts = Deno.readTextFileSync("/proc/self/mounts").split("\n").map((line) =>
    line.split(" ")
  );
  const proc = mounts.findLast(([, where]) => where === "/proc");
  assertEquals(
    isMountedNoexec("/proc/self/status"),
    proc?.[3]?.split(",").includes("noexec") ?? false,
  );
  const root = mounts.findLast(([, where]) => where === "/");
  assertEquals(isMountedNoexec("/"), root?.[3]?.split(",").includes("noexec") ?? false);
  assertEquals(isMountedNoexec("/nonexistent"), false);
});
