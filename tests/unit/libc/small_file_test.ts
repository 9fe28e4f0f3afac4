import { assertEquals, assertThrows } from "@std/assert";
import { EISDIR } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import * as file from "../../../lib/libc/file.ts";
import { readSmallFile, writeFileAtomically } from "../../../lib/libc/small_file.ts";
import { NO_FILES, plant, PLANT_KINDS, plantRefusal } from "../../fixture/plants.ts";
import { makeTree } from "../../fixture/tree.ts";

const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

Deno.test("readSmallFile(): all of it, at most so much, none, or why not", () => {
  using tree = makeTree({ "file": "12345", "empty": "", "directory/": "" });
  const text = (limit: number): string =>
    new TextDecoder().decode(readSmallFile(tree.path("file"), limit));
  assertEquals([text(100), text(5), text(3)], ["12345", "12345", "123"]);
  assertEquals(readSmallFile(tree.path("empty"), 10), new Uint8Array());
  assertEquals(readSmallFile(tree.path("missing"), 10), undefined);
  const path = tree.path("directory");
  const error = assertThrows(
    () => readSmallFile(path, 10),
    SyscallError,
    `unable to open ${path}: Is a directory`,
  );
  assertEquals(error.errno, EISDIR);
});

for (const kind of NO_FILES) {
  Deno.test({
    name: `readSmallFile(): ${kind} under the name: an error at once, and no waiting`,
    ignore: plantRefusal(kind) !== undefined,
    fn: () => {
      using tree = makeTree();
      plant(kind, tree.path("x"));
      assertThrows(
        () => readSmallFile(tree.path("x"), 10),
        SyscallError,
        `unable to open ${tree.path("x")}: `,
      );
    },
  });
}

Deno.test("readSmallFile(): a link is followed; to /dev/null it is an empty file", () => {
  using tree = makeTree({
    "file": "12345",
    "link=": "file",
    "mask=": "/dev/null",
    "nowhere=": "missing",
  });
  assertEquals(readSmallFile(tree.path("link"), 10), bytes("12345"));
  assertEquals(readSmallFile(tree.path("mask"), 10), new Uint8Array());
  assertEquals(readSmallFile(tree.path("nowhere"), 10), undefined);
});

Deno.test("readSmallFile() and writeFileAtomically() leak no descriptor, not when they fail either", () => {
  using tree = makeTree({ "file": "x", "directory/x": "" });
  const count = (): number => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = count();
  for (let i = 0; i < 50; i++) {
    readSmallFile(tree.path("file"), 10);
    assertThrows(() => readSmallFile(tree.path("directory"), 10), SyscallError);
    writeFileAtomically(tree.path("file"), bytes("y"));
    assertThrows(() => writeFileAtomically(tree.path("directory"), bytes("y")), SyscallError);
    file.readDirectory(tree.root);
    assertThrows(() => file.readDirectory(tree.path("file")), SyscallError);
  }
  assertEquals(count(), before);
});

Deno.test("writeFileAtomically(): the new content in a new file; who has the old one open still reads it", () => {
  using tree = makeTree({ "status": "old" });
  const fd = file.open(tree.path("status"), O_RDONLY);
  writeFileAtomically(tree.path("status"), bytes("new and longer"));
  assertEquals(tree.text("status"), "new and longer");
  const buffer = new Uint8Array(20);
  assertEquals(new TextDecoder().decode(buffer.subarray(0, file.read(fd, buffer))), "old");
  file.close(fd);
  assertEquals(file.readDirectory(tree.root), ["status"]);
});

Deno.test("writeFileAtomically(): the mode that is given, as far as the mask lets it", () => {
  using tree = makeTree();
  const before = file.umask(0o022);
  writeFileAtomically(tree.path("usual"), bytes("x"));
  writeFileAtomically(tree.path("secret"), bytes("x"), 0o600);
  file.umask(before);
  assertEquals(["usual", "secret"].map((name) => Deno.statSync(tree.path(name)).mode! & 0o777), [
    0o644,
    0o600,
  ]);
});

Deno.test("writeFileAtomically(): a leftover of an earlier try is overwritten", () => {
  using tree = makeTree({ "status": "old", "status.new": "half of something longer" });
  writeFileAtomically(tree.path("status"), bytes("new"));
  assertEquals([tree.text("status"), tree.exists("status.new")], ["new", false]);
});

for (const kind of PLANT_KINDS.filter((kind) => kind !== "a directory")) {
  for (const name of ["status", "status.new"]) {
    Deno.test({
      name:
        `writeFileAtomically(): ${kind} as ${name} is replaced, and what is behind it stays as it was`,
      ignore: plantRefusal(kind) !== undefined,
      fn: () => {
        using tree = makeTree({ "status": "old" });
        if (name === "status") tree.remove("status");
        const planted = plant(kind, tree.path(name));
        writeFileAtomically(tree.path("status"), bytes("new"));
        assertEquals([
          tree.text("status"),
          tree.exists("status.new"),
          Deno.lstatSync(tree.path("status")).isFile,
        ], ["new", false, true]);
        planted.assertUntouched();
      },
    });
  }
}

Deno.test("writeFileAtomically(): a directory as status.new: an error, and the old content stays", () => {
  using tree = makeTree({ "status": "old", "status.new/": "" });
  assertThrows(
    () => writeFileAtomically(tree.path("status"), bytes("new")),
    SyscallError,
    "status.new: Is a directory",
  );
  assertEquals(tree.text("status"), "old");
});

Deno.test("writeFileAtomically(): no such directory: the error names the file that could not be made", () => {
  assertThrows(
    () => writeFileAtomically("/nonexistent/status", bytes("x")),
    SyscallError,
    "unable to open /nonexistent/status.new: No such file or directory",
  );
});

Deno.test("writeFileAtomically(): what can't be replaced stays, and nothing is left beside it", () => {
  using tree = makeTree({ "status/x": "" });
  assertThrows(
    () => writeFileAtomically(tree.path("status"), bytes("x")),
    SyscallError,
    "unable to rename",
  );
  assertEquals(file.readDirectory(tree.root), ["status"]);
});

Deno.test("readSmallFile(): the limit is no size; a small file under a limit of a terabyte costs what the file has", () => {
  const long = "0123456789abcdef".repeat(1000);
  using tree = makeTree({ "small": "12345", "long": long, "page": "p".repeat(4096) });
  const text = (name: string, limit: number): string =>
    new TextDecoder().decode(readSmallFile(tree.path(name), limit));
  assertEquals([text("small", 2 ** 40), text("page", 2 ** 40)], ["12345", "p".repeat(4096)]);
  assertEquals(text("long", 2 ** 40), long);
  assertEquals([text("long", 10_000), text("long", 4096), text("page", 4097)], [
    long.slice(0, 10_000),
    long.slice(0, 4096),
    "p".repeat(4096),
  ]);
  assertEquals(readSmallFile(tree.path("small"), 2 ** 40)!.buffer.byteLength, 5);
});
