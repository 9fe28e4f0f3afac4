import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  EAGAIN,
  EBADF,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOSPC,
  ENOTDIR,
} from "../../../lib/core/linux/errno.ts";
import { decodePath } from "../../../lib/core/text/path_bytes.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import {
  O_APPEND,
  O_CLOEXEC,
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  O_WRONLY,
} from "../../../lib/core/linux/open_flags.ts";
import * as file from "../../../lib/libc/file.ts";
import { readSmallFile } from "../../../lib/libc/small_file.ts";
import { makeTree } from "../../fixture/tree.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("open(): says what it was about when it can't", () => {
  const error = assertThrows(
    () => file.open("/nonexistent/x", O_RDONLY),
    SyscallError,
    "unable to open /nonexistent/x: No such file or directory",
  );
  assertEquals(error.errno, ENOENT);
  assertEquals(file.tryOpen("/nonexistent/x", O_RDONLY), -ENOENT);
});

Deno.test("open(): creates with the mode that is given and the mask leaves, close-on-exec", () => {
  using tree = makeTree();
  const before = file.umask(0o027);
  try {
    const fd = file.open(tree.path("new"), O_WRONLY | O_CREAT | O_EXCL, 0o666);
    assertEquals(Deno.statSync(tree.path("new")).mode! & 0o777, 0o640);
    const flags = /^flags:\s*([0-7]+)$/m.exec(Deno.readTextFileSync(`/proc/self/fdinfo/${fd}`))
      ?.[1];
    assert((Number.parseInt(flags!, 8) & O_CLOEXEC) !== 0);
    file.close(fd);
    assertEquals(file.tryOpen(tree.path("new"), O_WRONLY | O_CREAT | O_EXCL, 0o666), -EEXIST);
  } finally {
    assertEquals(file.umask(before), 0o027);
  }
});

Deno.test("O_NOFOLLOW, O_DIRECTORY, O_TRUNC and O_APPEND are the kernel's", () => {
  using tree = makeTree({ "file": "old content", "link=": "file", "directory/": "" });
  assertEquals(file.tryOpen(tree.path("link"), O_RDONLY | O_NOFOLLOW), -ELOOP);
  assertEquals(file.tryOpen(tree.path("file"), O_RDONLY | O_DIRECTORY), -ENOTDIR);
  assertEquals(file.tryOpen(tree.path("directory"), O_WRONLY), -EISDIR);
  for (const [flags, content] of [[O_APPEND, "old content+"], [O_TRUNC, "+"]] as const) {
    const fd = file.open(tree.path("file"), O_WRONLY | flags);
    file.write(fd, bytes("+"));
    file.close(fd);
    assertEquals(tree.text("file"), content);
  }
});

Deno.test("read() and write(): counts, the end, and what fails", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), O_RDONLY);
  const buffer = new Uint8Array(3);
  assertEquals([file.read(fd, buffer), file.read(fd, buffer), file.read(fd, buffer)], [3, 2, 0]);
  assertEquals(file.write(fd, bytes("x")), -EBADF);
  file.close(fd);
  assertEquals(file.read(fd, buffer), -EBADF);
});

Deno.test("read() into a part of a larger buffer leaves the rest alone", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), O_RDONLY);
  const buffer = new Uint8Array(5);
  assertEquals(file.read(fd, buffer.subarray(1, 3)), 2);
  assertEquals(buffer, new Uint8Array([0, 0x31, 0x32, 0, 0]));
  file.close(fd);
});

Deno.test("read() from a FIFO opened without blocking: nothing yet is EAGAIN, then what was written", () => {
  using tree = makeTree();
  assertEquals(file.mkfifo(tree.path("fifo"), 0o600), 0);
  assertEquals(file.mkfifo(tree.path("fifo"), 0o600), -EEXIST);
  const fd = file.open(tree.path("fifo"), O_RDWR | O_NONBLOCK);
  const buffer = new Uint8Array(10);
  assertEquals(file.read(fd, buffer), -EAGAIN);
  file.write(fd, bytes("abc"));
  assertEquals(file.read(fd, buffer), 3);
  while (file.write(fd, new Uint8Array(4096)) > 0);
  assertEquals(file.write(fd, new Uint8Array(4096)), -EAGAIN);
  file.close(fd);
});

Deno.test("writeAll(): everything, in as many writes as it takes", () => {
  using tree = makeTree();
  const fd = file.open(tree.path("file"), O_WRONLY | O_CREAT, 0o600);
  const content = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  file.writeAll(fd, content);
  file.writeAll(fd, new Uint8Array());
  file.close(fd);
  assertEquals(tree.bytes("file"), content);
});

Deno.test("writeAll(): a full device is an error in the caller's words", () => {
  const fd = file.open("/dev/full", O_WRONLY);
  const error = assertThrows(
    () => file.writeAll(fd, bytes("x"), "write status"),
    SyscallError,
    "unable to write status: No space left on device",
  );
  assertEquals(error.errno, ENOSPC);
  file.close(fd);
});

Deno.test("readUpTo(): all that comes through a pipe, in whatever pieces, up to the limit; or why it can't be read", () => {
  const { readFd, writeFd } = pipe();
  file.writeAll(writeFd, bytes("one"));
  file.writeAll(writeFd, bytes("two"));
  file.close(writeFd);
  assertEquals(file.readUpTo(readFd, 4), bytes("onet"));
  assertEquals(file.readUpTo(readFd, Infinity), bytes("wo"));
  file.close(readFd);
  assertEquals(file.readUpTo(readFd, 4), -EBADF);
});

Deno.test("readDirectory(): names of every byte but / and NUL, in whatever order, without . and ..", () => {
  using tree = makeTree();
  const names = [];
  for (let byte = 1; byte < 256; byte++) {
    if (byte === 0x2f || byte === 0x2e) continue;
    const name = decodePath(new Uint8Array([byte]));
    file.close(file.open(`${tree.root}/${name}`, O_WRONLY | O_CREAT, 0o600));
    names.push(name);
  }
  for (
    const name of [
      ".hidden",
      "...",
      "ü€😀",
      decodePath(new Uint8Array([0xf0, 0x9f, 0x98])),
      "a".repeat(255),
    ]
  ) {
    file.close(file.open(`${tree.root}/${name}`, O_WRONLY | O_CREAT, 0o600));
    names.push(name);
  }
  assertEquals(file.readDirectory(tree.root).sort(), names.sort());
});

Deno.test("readDirectory(): more names than one call of the kernel gives", () => {
  using tree = makeTree();
  const names = Array.from({ length: 2000 }, (_, i) => `${i}`.padStart(40, "0"));
  for (const name of names) Deno.writeFileSync(tree.path(name), new Uint8Array());
  assertEquals(file.readDirectory(tree.root).sort(), names);
});

Deno.test("readDirectory(): an empty one, none, and a file", () => {
  using tree = makeTree({ "empty/": "", "file": "" });
  assertEquals(file.readDirectory(tree.path("empty")), []);
  assertThrows(
    () => file.readDirectory("/nonexistent"),
    SyscallError,
    "unable to open directory /nonexistent: No such file or directory",
  );
  const path = tree.path("file");
  assertThrows(
    () => file.readDirectory(path),
    SyscallError,
    `unable to open directory ${path}: Not a directory`,
  );
});

Deno.test("access(): there, executable, or why not", () => {
  using tree = makeTree({ "run!": "", "plain": "", "dangling=": "nowhere" });
  assertEquals([
    file.access(tree.path("run"), file.F_OK),
    file.access(tree.path("run"), file.X_OK | file.R_OK | file.W_OK),
  ], [0, 0]);
  assertEquals(file.access(tree.path("plain"), file.X_OK) < 0, true);
  assertEquals([
    file.access(tree.path("missing"), file.F_OK),
    file.access(tree.path("dangling"), file.F_OK),
  ], [-ENOENT, -ENOENT]);
});

Deno.test("mkdir(), symlink(), readlink(), rename(), unlink(), chmod(): done, or -errno", () => {
  using tree = makeTree({ "file": "" });
  const { path } = tree;
  assertEquals([file.mkdir(path("directory"), 0o700), file.mkdir(path("directory"), 0o700)], [
    0,
    -EEXIST,
  ]);
  assertEquals([file.symlink("some/\udcfftarget", path("link")), file.symlink("x", path("link"))], [
    0,
    -EEXIST,
  ]);
  assertEquals([
    file.readlink(path("link")),
    file.readlink(path("file")),
    file.readlink(path("missing")),
  ], [
    "some/\udcfftarget",
    -EINVAL,
    -ENOENT,
  ]);
  assertEquals(
    [file.rename(path("file"), path("moved")), file.rename(path("file"), path("moved"))],
    [0, -ENOENT],
  );
  assertEquals([file.chmod(path("moved"), 0o4711), file.chmod(path("missing"), 0o600)], [
    0,
    -ENOENT,
  ]);
  assertEquals(Deno.statSync(path("moved")).mode! & 0o7777, 0o4711);
  assertEquals([
    file.unlink(path("moved")),
    file.unlink(path("moved")),
    file.unlink(path("directory")),
  ], [0, -ENOENT, -EISDIR]);
});

Deno.test("readlink(): a target of the greatest length comes whole", () => {
  using tree = makeTree();
  const target = "x".repeat(4095);
  file.symlink(target, tree.path("link"));
  assertEquals(file.readlink(tree.path("link")), target);
});

Deno.test("chown(): -1 leaves owner and group as they are", () => {
  using tree = makeTree({ "file": "" });
  const { uid, gid } = Deno.statSync(tree.path("file"));
  assertEquals([file.chown(tree.path("file"), -1, -1), file.chown(tree.path("file"), uid!, gid!)], [
    0,
    0,
  ]);
  const after = Deno.statSync(tree.path("file"));
  assertEquals([after.uid, after.gid], [uid, gid]);
  assertEquals(file.chown(tree.path("missing"), -1, -1), -ENOENT);
});

Deno.test("ftruncate(): shorter and longer, beyond 4 GiB too", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), O_WRONLY);
  assertEquals(file.ftruncate(fd, 2), 0);
  assertEquals(tree.text("file"), "12");
  assertEquals(file.ftruncate(fd, 5_000_000_000), 0);
  assertEquals(Deno.statSync(tree.path("file")).size, 5_000_000_000);
  file.close(fd);
  assertEquals(file.ftruncate(fd, 0), -EBADF);
});

Deno.test("chdir() and fchdir(): relative names begin there; a directory that was renamed is still entered by its descriptor", () => {
  using tree = makeTree({ "one/name": "one", "two/name": "two" });
  const home = file.open(".", O_PATH | O_DIRECTORY);
  try {
    const one = file.open(tree.path("one"), O_PATH | O_DIRECTORY);
    assertEquals(file.chdir(tree.path("two")), 0);
    assertEquals(new TextDecoder().decode(readSmallFile("name", 10)), "two");
    tree.rename("one", "renamed");
    file.fchdir(one);
    assertEquals(new TextDecoder().decode(readSmallFile("name", 10)), "one");
    file.close(one);
    assertEquals(file.chdir(tree.path("missing")), -ENOENT);
    assertThrows(() => file.fchdir(one), SyscallError, "unable to fchdir: Bad file descriptor");
  } finally {
    file.fchdir(home);
    file.close(home);
  }
});

Deno.test("close(): a descriptor that is not open does no harm", () => {
  const { readFd, writeFd } = pipe();
  file.close(readFd);
  file.close(readFd);
  file.close(writeFd);
  file.close(-1);
});
