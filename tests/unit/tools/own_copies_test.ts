import { assertEquals } from "@std/assert";
import { withOwnCopies } from "../../../tools/build/own_copies.ts";
import { sharedBase, type Sources, withSharedBase } from "../../../tools/build/shared_base.ts";

const ENTRY = "cmd/main.ts";
const SOURCES: Sources = new Map([
  [
    ENTRY,
    'import { say } from "./say.ts";\nconst load = { "big": () => import("./big.ts"), "small": () => import("./small.ts") };\n',
  ],
  ["cmd/say.ts", "export const say = 1;\n"],
  [
    "cmd/big.ts",
    'import { say } from "./say.ts";\nimport type { T } from "../lib/types.ts";\nimport { part } from "../lib/part.ts";\n' +
    'import { x } from "@std/x";\nexport const later = () => import("../lib/later.ts");\n',
  ],
  ["cmd/small.ts", 'import { part } from "../lib/part.ts";\n'],
  ["lib/part.ts", 'import { say } from "../cmd/say.ts";\nexport { y } from "./y.ts";\n'],
  ["lib/y.ts", "export const y = 1;\n"],
  ["lib/later.ts", 'import { y } from "./y.ts";\n'],
  ["lib/types.ts", "export type T = string;\n"],
]);

function changed(): Map<string, string> {
  return withOwnCopies(withSharedBase(SOURCES, ENTRY), ENTRY, sharedBase(ENTRY), ["cmd/big.ts"]);
}

Deno.test("withOwnCopies(): the large command is loaded from its copy, and the others from where they were", () => {
  assertEquals(
    changed().get(ENTRY),
    'import { say } from "./say.ts";\nconst load = { "big": () => import("../own/cmd/big.ts"), "small": () => import("./small.ts") };\n',
  );
});

Deno.test("withOwnCopies(): a copy imports copies, but types and what main.ts loads from where they were", () => {
  assertEquals(
    changed().get("own/cmd/big.ts"),
    'import "../../cmd/shared_base.ts";\nimport { say } from "../../cmd/say.ts";\nimport type { T } from "../../lib/types.ts";\n' +
      'import { part } from "../../own/lib/part.ts";\nimport { x } from "@std/x";\n' +
      'export const later = () => import("../../own/lib/later.ts");\n',
  );
  assertEquals(
    changed().get("own/lib/part.ts"),
    'import { say } from "../../cmd/say.ts";\nexport { y } from "../../own/lib/y.ts";\n',
  );
});

Deno.test("withOwnCopies(): all that the command can come to need is copied, and nothing else is changed or added", () => {
  const added = [...changed().keys()].filter((path) => path.startsWith("own/")).sort();
  const paths = ["cmd/big.ts", "lib/later.ts", "lib/part.ts", "lib/y.ts"];
  assertEquals(added, paths.map((path) => `own/${path}`));
  const before = withSharedBase(SOURCES, ENTRY);
  for (const [path, text] of before) {
    if (path !== ENTRY) assertEquals(changed().get(path), text, path);
  }
});

Deno.test("withOwnCopies(): two large commands share one copy of what both need", () => {
  const both = withOwnCopies(withSharedBase(SOURCES, ENTRY), ENTRY, sharedBase(ENTRY), [
    "cmd/big.ts",
    "cmd/small.ts",
  ]);
  const copies = [...both.keys()].filter((path) => path.startsWith("own/"));
  assertEquals(copies.filter((path) => path.endsWith("part.ts")), ["own/lib/part.ts"]);
  const imports = copies.filter((path) => both.get(path)!.includes('"../../own/lib/part.ts"'));
  assertEquals(imports.sort(), ["own/cmd/big.ts", "own/cmd/small.ts"]);
});
