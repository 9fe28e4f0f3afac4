import { assert, assertEquals, assertThrows } from "@std/assert";
import { commandsAlone } from "../../../tools/build/commands_alone.ts";
import type { Sources } from "../../../tools/build/shared_base.ts";

const ENTRY = "cmd/main.ts";
const SOURCES: Sources = new Map([
  [
    ENTRY,
    'import { name } from "../lib/libc/program_name.ts";\nimport { ALONE } from "./alone.ts";\n' +
    'const load = ALONE[name] ?? (() => import("./dispatch.ts"));\n',
  ],
  ["cmd/alone.ts", "export const ALONE = {};\n"],
  ["cmd/dispatch.ts", 'import { runCommand } from "./run_command.ts";\n'],
  [
    "cmd/registry.ts",
    'export const COMMANDS = {\n  "s6-a": () => import("./sub/a.ts"),\n  "s6-b": () => import("./sub/b.ts"),\n};\n',
  ],
  ["cmd/run_command.ts", 'import { write } from "../lib/write.ts";\n'],
  [
    "cmd/sub/a.ts",
    'import { write } from "../../lib/write.ts";\nimport type { T } from "../../lib/types.ts";\n' +
    'const later = () => import("../../lib/later.ts");\nexport const table = {};\nexport async function main() {}\n',
  ],
  ["cmd/sub/b.ts", "export const table = {};\nexport function main() {}\n"],
  ["lib/write.ts", "export const write = 1;\n"],
  ["lib/later.ts", "export const later = 1;\n"],
  ["lib/types.ts", "export type T = string;\n"],
  ["lib/libc/invocation.ts", "export const exactArguments = 1;\n"],
  ["lib/libc/program_name.ts", "export const name = 1;\n"],
]);

/** The paths that a module of `modules` imports, as they are resolved. */
function importsIn(modules: ReadonlyMap<string, string>, path: string): string[] {
  return Array.from(
    modules.get(path)!.matchAll(/(?:from |import\()"(\.[^"]+)"/g),
    (match) => new URL(match[1]!, `file:///${path}`).pathname.slice(1),
  );
}

Deno.test("commandsAlone(): a command shares no module with others, whatever it imports or loads later", () => {
  const added = commandsAlone(SOURCES, ENTRY, ["s6-a", "s6-b"]);
  const queue = ["alone/s6-a/entry.ts"];
  for (const path of queue) {
    if (path === "alone/s6-a/lib/types.ts" || path === "lib/types.ts") continue; // only a type
    assert(path.startsWith("alone/s6-a/"), path);
    queue.push(...importsIn(added, path).filter((imported) => !queue.includes(imported)));
  }
  assert(queue.includes("alone/s6-a/lib/later.ts"));
  assert(queue.includes("alone/s6-a/cmd/run_command.ts"));
});

Deno.test("commandsAlone(): a command's entry takes what its module exports, and no more", () => {
  const added = commandsAlone(SOURCES, ENTRY, ["s6-a", "s6-b"]);
  for (const [name, module] of [["s6-a", "a"], ["s6-b", "b"]]) {
    const text = added.get(`alone/${name}/entry.ts`)!;
    const line = /^import \{ ([^}]*) \} from "\.\/cmd\/sub\/(.)\.ts";$/m.exec(text)!;
    assertEquals([line[1]!.split(", ").sort(), line[2]], [["main", "table"], module]);
  }
});

Deno.test("commandsAlone(): main.ts loads a command that is alone by its name, and the others from where they were", () => {
  const added = commandsAlone(SOURCES, ENTRY, ["s6-a"]);
  const [main] = importsIn(
    new Map([[ENTRY, `from "${/"(.*)"/.exec(added.get(ENTRY)!)![1]}"`]]),
    ENTRY,
  );
  assertEquals(importsIn(added, main!), [
    "alone/lib/libc/program_name.ts",
    "alone/cmd/alone.ts",
    "cmd/dispatch.ts",
  ]);
  assertEquals(importsIn(added, "alone/cmd/alone.ts"), ["alone/s6-a/entry.ts"]);
});

Deno.test("commandsAlone(): a name that the registry doesn't have is refused", () => {
  assertThrows(
    () => commandsAlone(SOURCES, ENTRY, ["s6-c"]),
    RangeError,
    "cmd/registry.ts has no command s6-c",
  );
});
