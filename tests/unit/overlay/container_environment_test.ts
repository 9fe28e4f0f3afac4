import { assertEquals, assertThrows } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { mkfifo } from "../../../lib/libc/file.ts";
import {
  dumpEnvironment,
  loadEnvironment,
  loadVariable,
} from "../../../lib/overlay/container_environment.ts";

class Scratch implements Disposable {
  readonly root = Deno.makeTempDirSync({ prefix: "hexad-contenv-" });
  readonly path = `${this.root}/env`;

  write(name: string, bytes: string | Uint8Array): void {
    Deno.mkdirSync(this.path, { recursive: true });
    Deno.writeFileSync(
      `${this.path}/${name}`,
      typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes,
    );
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.root, { recursive: true });
  }
}

const VALUES: Readonly<Record<string, string>> = {
  PLAIN: "value",
  EMPTY: "",
  NEWLINE: "\n",
  LINES: "one\ntwo\n",
  BLANKS: "  two blanks, a tab\t",
  BYTES: "\udcff\udc80 not UTF-8",
  UNICODE: "äöü €",
  LONG: "x".repeat(100_000),
  "with.dot-and-dash": "1",
  "has space": "2",
};

Deno.test("the environment comes back from its files as it was", () => {
  using scratch = new Scratch();
  const env = new Map(Object.entries(VALUES));
  assertEquals(dumpEnvironment(scratch.path, env), []);
  assertEquals(loadEnvironment(scratch.path), new Map([...env].sort(([a], [b]) => a < b ? -1 : 1)));
  for (const [name, value] of env) assertEquals(loadVariable(scratch.path, name), value, name);
});

Deno.test("dumpEnvironment() writes values as they are, a newline more after those that a reader would not give back", () => {
  using scratch = new Scratch();
  dumpEnvironment(scratch.path, new Map(Object.entries({ A: "value", B: "", C: "line\n" })));
  assertEquals(["A", "B", "C"].map((name) => Deno.readTextFileSync(`${scratch.path}/${name}`)), [
    "value",
    "\n",
    "line\n\n",
  ]);
});

Deno.test("dumpEnvironment() replaces the files of an earlier start, and what a killed one has left", () => {
  using scratch = new Scratch();
  scratch.write("OLD", "old");
  Deno.mkdirSync(`${scratch.path}:new`);
  Deno.writeTextFileSync(`${scratch.path}:new/HALF`, "");
  dumpEnvironment(scratch.path, new Map([["NEW", "new"]]));
  assertEquals(loadEnvironment(scratch.path), new Map([["NEW", "new"]]));
});

Deno.test("dumpEnvironment() makes files that everybody may read and only the owner may write", () => {
  using scratch = new Scratch();
  dumpEnvironment(scratch.path, new Map([["A", "1"]]));
  const modes = [scratch.path, `${scratch.path}/A`].map((path) =>
    (Deno.statSync(path).mode! & 0o7777).toString(8)
  );
  assertEquals(modes, ["755", "644"]);
});

Deno.test("dumpEnvironment() tells which names can't be files, and writes the others", () => {
  using scratch = new Scratch();
  const names = ["a/b", "..", ".hidden", "n".repeat(256)];
  assertEquals(
    dumpEnvironment(scratch.path, new Map([...names, "GOOD"].map((name) => [name, "1"]))),
    names,
  );
  assertEquals([...loadEnvironment(scratch.path).keys()], ["GOOD"]);
});

Deno.test("loadEnvironment() reads what scripts have written: one newline dropped, NUL a newline, empty files and odd names passed over", () => {
  using scratch = new Scratch();
  scratch.write("ECHOED", "value\n");
  scratch.write("TWO", "value\n\n");
  scratch.write("NUL", "a\0b\0");
  scratch.write("UNSET", "");
  scratch.write(".hidden", "no");
  scratch.write("a=b", "no");
  scratch.write("BYTES", new Uint8Array([0xff, 0x41, 0x0a]));
  mkfifo(`${scratch.path}/FIFO`, 0o600); // read without waiting for a writer: nothing
  const expected = { BYTES: "\udcffA", ECHOED: "value", NUL: "a\nb\n", TWO: "value\n" };
  assertEquals(loadEnvironment(scratch.path), new Map(Object.entries(expected)));
});

Deno.test("loadEnvironment() fails if the directory is missing, is none, or holds what can't be read", () => {
  using scratch = new Scratch();
  assertThrows(() => loadEnvironment(scratch.path), SyscallError, "No such file or directory");
  Deno.writeTextFileSync(scratch.path, "");
  assertThrows(() => loadEnvironment(scratch.path), SyscallError, "Not a directory");
  Deno.removeSync(scratch.path);
  Deno.mkdirSync(`${scratch.path}/DIRECTORY`, { recursive: true });
  assertThrows(() => loadEnvironment(scratch.path), SyscallError, "Is a directory");
});

Deno.test("loadVariable() knows no name that would leave the directory", () => {
  using scratch = new Scratch();
  scratch.write("A", "1");
  Deno.writeTextFileSync(`${scratch.root}/SECRET`, "secret");
  assertEquals(["../SECRET", "", ".", "NONE"].map((name) => loadVariable(scratch.path, name)), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
