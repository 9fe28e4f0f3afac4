import { assert, assertEquals, assertThrows } from "@std/assert";
import { EAGAIN, EBADF, EEXIST, EINVAL, EISDIR, ELOOP, ENOENT, ENOSPC, ENOTDIR } from "../../../lib/core/errno.ts";
import { decodePath } from "../../../lib/core/path_bytes.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { pipe } from "../../../lib/libc/fd.ts";
import * as file from "../../../lib/libc/file.ts";
import { makeTree } from "../../fixture/tree.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("open(): says what it was about when it can't", () => {
  const error = assertThrows(
    () => file.open("/nonexistent/x", file.O_RDONLY),
    SyscallError,
    "unable to open /nonexistent/x: No such file or directory",
  );
  assertEquals(error.errno, ENOENT);
  assertEquals(file.tryOpen("/nonexistent/x", file.O_RDONLY), -ENOENT);
});

Deno.test("open(): creates with the mode that is given and the mask leaves, close-on-exec", () => {
  using tree = makeTree();
  const before = file.umask(0o027);
  try {
    const fd = file.open(tree.path("new"), file.O_WRONLY | file.O_CREAT | file.O_EXCL, 0o666);
    assertEquals(Deno.statSync(tree.path("new")).mode! & 0o777, 0o640);
    const flags = /^flags:\s*([0-7]+)$/m.exec(Deno.readTextFileSync(`/proc/self/fdinfo/${fd}`))?.[1];
    assert((Number.parseInt(flags!, 8) & file.O_CLOEXEC) !== 0);
    file.close(fd);
    assertEquals(file.tryOpen(tree.path("new"), file.O_WRONLY | file.O_CREAT | file.O_EXCL, 0o666), -EEXIST);
  } finally {
    assertEquals(file.umask(before), 0o027);
  }
});

Deno.test("O_NOFOLLOW, O_DIRECTORY, O_TRUNC and O_APPEND are the kernel's", () => {
  using tree = makeTree({ "file": "old content", "link=": "file", "directory/": "" });
  assertEquals(file.tryOpen(tree.path("link"), file.O_RDONLY | file.O_NOFOLLOW), -ELOOP);
  assertEquals(file.tryOpen(tree.path("file"), file.O_RDONLY | file.O_DIRECTORY), -ENOTDIR);
  assertEquals(file.tryOpen(tree.path("directory"), file.O_WRONLY), -EISDIR);
  for (const [flags, content] of [[file.O_APPEND, "old content+"], [file.O_TRUNC, "+"]] as const) {
    const fd = file.open(tree.path("file"), file.O_WRONLY | flags);
    file.write(fd, bytes("+"));
    file.close(fd);
    assertEquals(tree.text("file"), content);
  }
});

Deno.test("read() and write(): counts, the end, and what fails", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), file.O_RDONLY);
  const buffer = new Uint8Array(3);
  assertEquals([file.read(fd, buffer), file.read(fd, buffer), file.read(fd, buffer)], [3, 2, 0]);
  assertEquals(file.write(fd, bytes("x")), -EBADF);
  file.close(fd);
  assertEquals(file.read(fd, buffer), -EBADF);
});

Deno.test("read() into a part of a larger buffer leaves the rest alone", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), file.O_RDONLY);
  const buffer = new Uint8Array(5);
  assertEquals(file.read(fd, buffer.subarray(1, 3)), 2);
  assertEquals(buffer, new Uint8Array([0, 0x31, 0x32, 0, 0]));
  file.close(fd);
});

Deno.test("read() from a FIFO opened without blocking: nothing yet is EAGAIN, then what was written", () => {
  using tree = makeTree();
  assertEquals(file.mkfifo(tree.path("fifo"), 0o600), 0);
  assertEquals(file.mkfifo(tree.path("fifo"), 0o600), -EEXIST);
  const fd = file.open(tree.path("fifo"), file.O_RDWR | file.O_NONBLOCK);
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
  const fd = file.open(tree.path("file"), file.O_WRONLY | file.O_CREAT, 0o600);
  const content = Uint8Array.from({ length: 3_000_000 }, (_, i) => i % 251);
  file.writeAll(fd, content);
  file.writeAll(fd, new Uint8Array());
  file.close(fd);
  assertEquals(tree.bytes("file"), content);
});

Deno.test("writeAll(): a full device is an error in the caller's words", () => {
  const fd = file.open("/dev/full", file.O_WRONLY);
  const error = assertThrows(
    () => file.writeAll(fd, bytes("x"), "write status"),
    SyscallError,
    "unable to write status: No space left on device",
  );
  assertEquals(error.errno, ENOSPC);
  file.close(fd);
});

Deno.test("readSmallFile(): all of it, at most so much, none, or why not", () => {
  using tree = makeTree({ "file": "12345", "empty": "", "directory/": "" });
  const text = (limit: number): string => new TextDecoder().decode(file.readSmallFile(tree.path("file"), limit));
  assertEquals([text(100), text(5), text(3)], ["12345", "12345", "123"]);
  assertEquals(file.readSmallFile(tree.path("empty"), 10), new Uint8Array());
  assertEquals(file.readSmallFile(tree.path("missing"), 10), undefined);
  const path = tree.path("directory");
  const error = assertThrows(() => file.readSmallFile(path, 10), SyscallError, `unable to read ${path}: Is a directory`);
  assertEquals(error.errno, EISDIR);
});

Deno.test("readSmallFile(): the limit is no size; a small file under a limit of a terabyte costs what the file has", () => {
  const long = "0123456789abcdef".repeat(1000);
  using tree = makeTree({ "small": "12345", "long": long, "page": "p".repeat(4096) });
  const text = (name: string, limit: number): string => new TextDecoder().decode(file.readSmallFile(tree.path(name), limit));
  assertEquals([text("small", 2 ** 40), text("page", 2 ** 40)], ["12345", "p".repeat(4096)]);
  assertEquals(text("long", 2 ** 40), long);
  assertEquals([text("long", 10_000), text("long", 4096), text("page", 4097)], [
    long.slice(0, 10_000),
    long.slice(0, 4096),
    "p".repeat(4096),
  ]);
  assertEquals(file.readSmallFile(tree.path("small"), 2 ** 40)!.buffer.byteLength, 5);
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

Deno.test("readSmallFile(): a FIFO under the name does not block, whoever holds it", () => {
  using tree = makeTree();
  file.mkfifo(tree.path("fifo"), 0o600);
  assertEquals(file.readSmallFile(tree.path("fifo"), 10), new Uint8Array());
  const fd = file.open(tree.path("fifo"), file.O_RDWR);
  const error = assertThrows(() => file.readSmallFile(tree.path("fifo"), 10), SyscallError);
  assertEquals(error.errno, EAGAIN);
  file.close(fd);
});

Deno.test("readSmallFile() and writeFileAtomically() leak no descriptor, not when they fail either", () => {
  using tree = makeTree({ "file": "x", "directory/x": "" });
  const count = (): number => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = count();
  for (let i = 0; i < 50; i++) {
    file.readSmallFile(tree.path("file"), 10);
    assertThrows(() => file.readSmallFile(tree.path("directory"), 10), SyscallError);
    file.writeFileAtomically(tree.path("file"), bytes("y"));
    assertThrows(() => file.writeFileAtomically(tree.path("directory"), bytes("y")), SyscallError);
    file.readDirectory(tree.root);
    assertThrows(() => file.readDirectory(tree.path("file")), SyscallError);
  }
  assertEquals(count(), before);
});

Deno.test("writeFileAtomically(): the new content in a new file; who has the old one open still reads it", () => {
  using tree = makeTree({ "status": "old" });
  const fd = file.open(tree.path("status"), file.O_RDONLY);
  file.writeFileAtomically(tree.path("status"), bytes("new and longer"));
  assertEquals(tree.text("status"), "new and longer");
  const buffer = new Uint8Array(20);
  assertEquals(new TextDecoder().decode(buffer.subarray(0, file.read(fd, buffer))), "old");
  file.close(fd);
  assertEquals(file.readDirectory(tree.root), ["status"]);
});

Deno.test("writeFileAtomically(): the mode that is given, as far as the mask lets it", () => {
  using tree = makeTree();
  const before = file.umask(0o022);
  file.writeFileAtomically(tree.path("usual"), bytes("x"));
  file.writeFileAtomically(tree.path("secret"), bytes("x"), 0o600);
  file.umask(before);
  assertEquals(["usual", "secret"].map((name) => Deno.statSync(tree.path(name)).mode! & 0o777), [0o644, 0o600]);
});

Deno.test("writeFileAtomically(): a leftover of an earlier try is overwritten", () => {
  using tree = makeTree({ "status": "old", "status.new": "half of something longer" });
  file.writeFileAtomically(tree.path("status"), bytes("new"));
  assertEquals([tree.text("status"), tree.exists("status.new")], ["new", false]);
});

Deno.test("writeFileAtomically(): never through a link that somebody planted", () => {
  using tree = makeTree({ "status": "old", "victim": "untouched", "status.new=": "victim" });
  assertThrows(() => file.writeFileAtomically(tree.path("status"), bytes("new")), SyscallError, "Too many levels of symbolic links");
  assertEquals([tree.text("status"), tree.text("victim")], ["old", "untouched"]);
});

Deno.test("writeFileAtomically(): no such directory: the error names the file that could not be made", () => {
  assertThrows(
    () => file.writeFileAtomically("/nonexistent/status", bytes("x")),
    SyscallError,
    "unable to open /nonexistent/status.new: No such file or directory",
  );
});

Deno.test("writeFileAtomically(): what can't be replaced stays, and nothing is left beside it", () => {
  using tree = makeTree({ "status/x": "" });
  assertThrows(() => file.writeFileAtomically(tree.path("status"), bytes("x")), SyscallError, "unable to rename");
  assertEquals(file.readDirectory(tree.root), ["status"]);
});

Deno.test("readDirectory(): names of every byte but / and NUL, in whatever order, without . and ..", () => {
  using tree = makeTree();
  const names = [];
  for (let byte = 1; byte < 256; byte++) {
    if (byte === 0x2f || byte === 0x2e) continue;
    const name = decodePath(new Uint8Array([byte]));
    file.close(file.open(`${tree.root}/${name}`, file.O_WRONLY | file.O_CREAT, 0o600));
    names.push(name);
  }
  for (const name of [".hidden", "...", "ü€😀", decodePath(new Uint8Array([0xf0, 0x9f, 0x98])), "a".repeat(255)]) {
    file.close(file.open(`${tree.root}/${name}`, file.O_WRONLY | file.O_CREAT, 0o600));
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
  assertThrows(() => file.readDirectory("/nonexistent"), SyscallError, "unable to open directory /nonexistent: No such file or directory");
  const path = tree.path("file");
  assertThrows(() => file.readDirectory(path), SyscallError, `unable to open directory ${path}: Not a directory`);
});

Deno.test("access(): there, executable, or why not", () => {
  using tree = makeTree({ "run!": "", "plain": "", "dangling=": "nowhere" });
  assertEquals([file.access(tree.path("run"), file.F_OK), file.access(tree.path("run"), file.X_OK | file.R_OK | file.W_OK)], [0, 0]);
  assertEquals(file.access(tree.path("plain"), file.X_OK) < 0, true);
  assertEquals([file.access(tree.path("missing"), file.F_OK), file.access(tree.path("dangling"), file.F_OK)], [-ENOENT, -ENOENT]);
});

Deno.test("mkdir(), symlink(), readlink(), rename(), unlink(), chmod(): done, or -errno", () => {
  using tree = makeTree({ "file": "" });
  const { path } = tree;
  assertEquals([file.mkdir(path("directory"), 0o700), file.mkdir(path("directory"), 0o700)], [0, -EEXIST]);
  assertEquals([file.symlink("some/\udcfftarget", path("link")), file.symlink("x", path("link"))], [0, -EEXIST]);
  assertEquals([file.readlink(path("link")), file.readlink(path("file")), file.readlink(path("missing"))], [
    "some/\udcfftarget",
    -EINVAL,
    -ENOENT,
  ]);
  assertEquals([file.rename(path("file"), path("moved")), file.rename(path("file"), path("moved"))], [0, -ENOENT]);
  assertEquals([file.chmod(path("moved"), 0o4711), file.chmod(path("missing"), 0o600)], [0, -ENOENT]);
  assertEquals(Deno.statSync(path("moved")).mode! & 0o7777, 0o4711);
  assertEquals([file.unlink(path("moved")), file.unlink(path("moved")), file.unlink(path("directory"))], [0, -ENOENT, -EISDIR]);
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
  assertEquals([file.chown(tree.path("file"), -1, -1), file.chown(tree.path("file"), uid!, gid!)], [0, 0]);
  const after = Deno.statSync(tree.path("file"));
  assertEquals([after.uid, after.gid], [uid, gid]);
  assertEquals(file.chown(tree.path("missing"), -1, -1), -ENOENT);
});

Deno.test("ftruncate(): shorter and longer, beyond 4 GiB too", () => {
  using tree = makeTree({ "file": "12345" });
  const fd = file.open(tree.path("file"), file.O_WRONLY);
  assertEquals(file.ftruncate(fd, 2), 0);
  assertEquals(tree.text("file"), "12");
  assertEquals(file.ftruncate(fd, 5_000_000_000), 0);
  assertEquals(Deno.statSync(tree.path("file")).size, 5_000_000_000);
  file.close(fd);
  assertEquals(file.ftruncate(fd, 0), -EBADF);
});

Deno.test("chdir() and fchdir(): relative names begin there; a directory that was renamed is still entered by its descriptor", () => {
  using tree = makeTree({ "one/name": "one", "two/name": "two" });
  const home = file.open(".", file.O_PATH | file.O_DIRECTORY);
  try {
    const one = file.open(tree.path("one"), file.O_PATH | file.O_DIRECTORY);
    assertEquals(file.chdir(tree.path("two")), 0);
    assertEquals(new TextDecoder().decode(file.readSmallFile("name", 10)), "two");
    tree.rename("one", "renamed");
    file.fchdir(one);
    assertEquals(new TextDecoder().decode(file.readSmallFile("name", 10)), "one");
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
