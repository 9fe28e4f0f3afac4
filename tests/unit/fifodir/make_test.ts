import { assertEquals, assertThrows } from "@std/assert";
import { makeFifodir } from "../../../lib/fifodir/make.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { getegid } from "../../../lib/libc/process.ts";

/** Calls `body` with a path in a new directory, and removes that. */
function withPath(body: (path: string) => void): void {
  const parent = Deno.makeTempDirSync({ prefix: "hexad-fifodir-" });
  try {
    body(`${parent}/event`);
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
}

function mode(path: string): string {
  return (Deno.statSync(path).mode! & 0o7777).toString(8);
}

Deno.test("makeFifodir() without a group: everybody may listen, whatever the umask", () => {
  withPath((path) => {
    const umask = Deno.umask(0o077);
    try {
      makeFifodir(path);
    } finally {
      Deno.umask(umask);
    }
    assertEquals(mode(path), "1733");
  });
});

Deno.test("makeFifodir() with a group: its members may listen", () => {
  withPath((path) => {
    makeFifodir(path, { gid: getegid() });
    assertEquals([mode(path), Deno.statSync(path).gid], ["3730", getegid()]);
  });
});

Deno.test("makeFifodir() leaves a directory that exists as it is", () => {
  withPath((path) => {
    makeFifodir(path);
    makeFifodir(path, { gid: getegid() });
    assertEquals(mode(path), "1733");
  });
});

Deno.test("makeFifodir() by force sets the modes of one that exists", () => {
  withPath((path) => {
    Deno.mkdirSync(path, { mode: 0o755 });
    makeFifodir(path, { gid: getegid(), force: true });
    assertEquals(mode(path), "3730");
  });
});

Deno.test("makeFifodir() refuses what is no directory", () => {
  withPath((path) => {
    Deno.writeTextFileSync(path, "");
    assertThrows(
      () => makeFifodir(path),
      SyscallError,
      `unable to create fifodir at ${path}: Not a directory`,
    );
  });
});

Deno.test("makeFifodir() refuses a link to nowhere, and a missing parent", () => {
  withPath((path) => {
    Deno.symlinkSync("nowhere", path);
    assertThrows(() => makeFifodir(path), SyscallError, "No such file or directory");
    assertThrows(() => makeFifodir(`${path}/deeper`), SyscallError, "No such file or directory");
  });
});
