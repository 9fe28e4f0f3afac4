import { assertEquals } from "@std/assert";
import { loadedWith, type Sources, withSharedBase } from "../../../tools/build/shared_base.ts";

const SOURCES: Sources = new Map([
  [
    "cmd/main.ts",
    'import { say } from "./say.ts";\nimport {\n  type A,\n  b,\n} from "../lib/core/b.ts";\nimport type { T } from "./types.ts";\nimport { x } from "@std/x";\n' +
    'const load = { "s6-a": () => import("./a.ts"), "s6-b": () => import("./sub/c.ts") };\n',
  ],
  [
    "cmd/say.ts",
    'import { write } from "../lib/libc/write.ts";\nexport const later = () => import("./say.ts");\n',
  ],
  [
    "cmd/a.ts",
    'import { write } from "../lib/libc/write.ts";\nexport const lock = () => import("../lib/libc/lock.ts");\n',
  ],
  ["cmd/sub/c.ts", "export const c = 1;\n"],
  ["cmd/types.ts", "export type T = string;\n"],
  ["lib/core/b.ts", "export const b = 1;\n"],
  ["lib/libc/write.ts", "export const write = 1;\n"],
  ["lib/libc/lock.ts", "export const lock = 1;\n"],
]);

Deno.test("loadedWith(): what is imported, from there too, but no types, no packages and nothing that is loaded lazily", () => {
  assertEquals([...loadedWith(SOURCES, "cmd/main.ts")].sort(), [
    "cmd/main.ts",
    "cmd/say.ts",
    "lib/core/b.ts",
    "lib/libc/write.ts",
  ]);
});

Deno.test("withSharedBase(): every lazily loaded module imports what main.ts imports, but not what is loaded anyway", () => {
  const changed = withSharedBase(SOURCES, "cmd/main.ts");
  assertEquals(
    changed.get("cmd/shared_base.ts"),
    'import "../cmd/say.ts";\nimport "../lib/core/b.ts";\n',
  );
  const lines = {
    "cmd/a.ts": "../cmd/",
    "cmd/sub/c.ts": "../../cmd/",
    "lib/libc/lock.ts": "../../cmd/",
  };
  for (const [path, up] of Object.entries(lines)) {
    assertEquals(changed.get(path), `import "${up}shared_base.ts";\n${SOURCES.get(path)}`);
  }
  const others = [...SOURCES.keys()].filter((path) => !(path in lines));
  for (const path of others) assertEquals(changed.get(path), SOURCES.get(path), path);
});

Deno.test("withSharedBase(): what most commands need besides is in the same set", () => {
  const changed = withSharedBase(SOURCES, "cmd/main.ts", ["lib/libc/lock.ts"]);
  assertEquals(
    changed.get("cmd/shared_base.ts"),
    'import "../cmd/say.ts";\nimport "../lib/core/b.ts";\nimport "../lib/libc/lock.ts";\n',
  );
  assertEquals(changed.get("lib/libc/lock.ts"), SOURCES.get("lib/libc/lock.ts")); // loaded anyway
});

Deno.test("withSharedBase(): a script of the page is a text, and imports nothing for the program", () => {
  const script = '/** @typedef {import("../core/b.ts").B} B */\nimport "./other.js";\n';
  const sources = new Map([...SOURCES, ["lib/page/main.js", script]]);
  const changed = withSharedBase(sources, "cmd/main.ts");
  assertEquals(changed.get("lib/page/main.js"), script);
  assertEquals(changed.get("lib/core/b.ts"), SOURCES.get("lib/core/b.ts"));
  assertEquals([...loadedWith(sources, "lib/page/main.js")], ["lib/page/main.js"]);
});
