import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  EACCES,
  EBADF,
  EEXIST,
  EINVAL,
  EISDIR,
  ELOOP,
  ENOENT,
  ENOTDIR,
} from "../../../lib/core/linux/errno.ts";
import { bindLibrary, call, checked, SyscallError } from "../../../lib/libc/bind.ts";
import { O_RDONLY } from "../../../lib/core/linux/open_flags.ts";
import { mkdir, read, readlink, rename, symlink, tryOpen, unlink } from "../../../lib/libc/file.ts";
import { kill } from "../../../lib/libc/process.ts";
import { tryStat } from "../../../lib/libc/stat.ts";
import { makeTree } from "../../fixture/tree.ts";

Deno.test("call(): 100,000 failures of eight kinds in turn, each with its own error number, while memory is being allocated", () => {
  using tree = makeTree({ "file": "", "directory/": "" });
  const file = tree.path("file");
  const directory = tree.path("directory");
  symlink("loop", tree.path("loop"));
  const buffer = new Uint8Array(8);
  const failures: readonly (readonly [fail: () => unknown, errno: number])[] = [
    [() => tryOpen(tree.path("missing"), O_RDONLY), ENOENT],
    [() => tryOpen(`${file}/below`, O_RDONLY), ENOTDIR],
    [() => read(999_999, buffer), EBADF],
    [() => mkdir(directory, 0o700), EEXIST],
    [() => readlink(file), EINVAL],
    [() => rename(file, directory), EISDIR],
    [() => tryStat(tree.path("loop")), ELOOP],
    [() => kill(1, 99), EINVAL],
  ];
  let wrong = 0;
  let garbage: unknown[] = [];
  for (let i = 0; i < 100_000; i++) {
    const [fail, errno] = failures[i % failures.length]!;
    if (fail() !== -errno) wrong++;
    garbage.push({ text: `${i}`.repeat(5) });
    if (garbage.length > 1000) garbage = [];
  }
  assertEquals(wrong, 0);
});

const libc = bindLibrary({
  getppid: { parameters: [], result: "i32" },
  abs: { parameters: ["i32"], result: "i32" },
  no_such_function_in_libc: { parameters: [], result: "i32" },
});

Deno.test("bindLibrary(): a symbol that is missing is an error when it is used, and not before", () => {
  assert(libc.getppid() > 0);
  assertThrows(() => libc.no_such_function_in_libc(), Error, "no_such_function_in_libc");
});

Deno.test("bindLibrary(): the same function each time", () => {
  assert(libc.abs === libc.abs);
  assertEquals(libc.abs(-7), 7);
});

Deno.test("call(): a result other than -1 is handed on, a negative one too", () => {
  assertEquals(call((value: number) => value, 0), 0);
  assertEquals(call((value: number) => value, 4711), 4711);
  assertEquals(call((value: number) => value, -2), -2);
});

Deno.test("checked(): what is not negative is handed on; the rest is an error that says what, why and which", () => {
  assertEquals([checked("open ./run", 0), checked("open ./run", 5)], [0, 5]);
  const error = assertThrows(() => checked("open ./run", -EACCES), SyscallError);
  assertEquals([error.message, error.action, error.errno, error.reason, error.name], [
    "unable to open ./run: Permission denied",
    "open ./run",
    EACCES,
    "Permission denied",
    "SyscallError",
  ]);
});

Deno.test("a NUL in a name is EINVAL and no call: C would see a shorter name", () => {
  using tree = makeTree({ "file": "kept" });
  const name = tree.path("file\0.bak");
  for (
    const attempt of [
      () => tryOpen(name, O_RDONLY),
      () => unlink(name),
      () => mkdir(name, 0o700),
      () => tryStat(name),
      () => rename(name, tree.path("x")),
      () => symlink(name, tree.path("y")),
    ]
  ) {
    assertEquals(attempt(), -EINVAL);
  }
  assertEquals(tree.text("file"), "kept");
});
