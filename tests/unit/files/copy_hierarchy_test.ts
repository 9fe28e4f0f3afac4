import { assertEquals, assertThrows } from "@std/assert";
import { copyHierarchy } from "../../../lib/files/copy_hierarchy.ts";
import { removeTree } from "../../../lib/files/remove_tree.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { umask } from "../../../lib/libc/file.ts";

function scratch(): Disposable & { readonly root: string } {
  const root = Deno.makeTempDirSync({ prefix: "hexad-copy-" });
  return { root, [Symbol.dispose]: () => removeTree(root) };
}

function currentUmask(): number {
  const mask = umask(0o22);
  umask(mask);
  return mask;
}

function mustNotFail(error: SyscallError): never {
  throw error;
}

Deno.test("copyHierarchy() leaves the umask and the descriptors as they were, whether it works or not", () => {
  using place = scratch();
  const { root } = place;
  Deno.mkdirSync(`${root}/from/sub`, { recursive: true });
  Deno.writeTextFileSync(`${root}/from/sub/file`, "text");
  const fds = (): number => [...Deno.readDirSync("/proc/self/fd")].length;
  const before = [currentUmask(), fds()];
  copyHierarchy(`${root}/from`, `${root}/to`, mustNotFail);
  assertThrows(() => copyHierarchy(`${root}/none`, `${root}/to`, mustNotFail), SyscallError);
  assertThrows(
    () => copyHierarchy(`${root}/from/sub/file`, `${root}/to`, mustNotFail),
    SyscallError,
  );
  assertEquals([currentUmask(), fds()], before);
  assertEquals(Deno.readTextFileSync(`${root}/to/sub/file`), "text");
});

Deno.test("copyHierarchy() goes on after what it can't copy, and tells of it", () => {
  using place = scratch();
  const { root } = place;
  for (const name of ["a", "b", "c"]) {
    Deno.mkdirSync(`${root}/from/${name}`, { recursive: true });
    Deno.writeTextFileSync(`${root}/from/${name}/file`, name);
  }
  Deno.mkdirSync(`${root}/to`);
  Deno.writeTextFileSync(`${root}/to/b`, "no directory");
  const failures: string[] = [];
  copyHierarchy(`${root}/from`, `${root}/to`, ({ message }) => failures.push(message));
  assertEquals(failures, [`unable to open directory ${root}/to/b: Not a directory`]);
  assertEquals(["a", "c"].map((name) => Deno.readTextFileSync(`${root}/to/${name}/file`)), [
    "a",
    "c",
  ]);
  assertEquals(Deno.readTextFileSync(`${root}/to/b`), "no directory");
});

Deno.test("copyHierarchy() into the directory itself copies what was there, and ends", () => {
  using place = scratch();
  const { root } = place;
  Deno.mkdirSync(`${root}/from/in`, { recursive: true });
  Deno.writeTextFileSync(`${root}/from/file`, "text");
  copyHierarchy(`${root}/from`, `${root}/from/in`, mustNotFail);
  assertEquals(Deno.readTextFileSync(`${root}/from/in/file`), "text");
});

Deno.test("copyHierarchy() copies no file that there is no room for, and takes note of what it copies", () => {
  using place = scratch();
  const { root } = place;
  Deno.mkdirSync(`${root}/from`);
  Deno.writeTextFileSync(`${root}/from/a`, "12345");
  Deno.writeTextFileSync(`${root}/from/b`, "");
  Deno.truncateSync(`${root}/from/b`, 2 ** 40);
  const room = { bytes: 100 };
  const failures: string[] = [];
  copyHierarchy(`${root}/from`, `${root}/to`, ({ message }) => failures.push(message), room);
  assertEquals(failures, [`unable to copy ${root}/from/b: File too large`]);
  assertEquals([room.bytes, [...Deno.readDirSync(`${root}/to`)].map(({ name }) => name)], [95, [
    "a",
  ]]);
});
