/**
 * docs/architecture.md is a true map: it shows the rooms that the lint rules know, in their order,
 * and every path that it or CONTRIBUTING.md names is there.
 */
import { assert, assertEquals } from "@std/assert";
import { ROOT } from "../../tools/layout.ts";
import { ROOMS } from "../../tools/lint/rooms.ts";

const TOP = ["cmd", "docs", "examples", "lib", "rootfs", "tests", "tools"].join("|");
/** A path in code: of a file or a folder, without placeholders such as SUBJECT. */
const PATH = new RegExp(`\`((?:${TOP})(?:/[a-z0-9_.-]+)*)/?\``, "g");
/** The same within a command line in code. */
const ARGUMENT = new RegExp(`\`[^\`]* ((?:${TOP})/[a-z0-9_./-]+)\``, "g");

function read(path: string): string {
  return Deno.readTextFileSync(`${ROOT}/${path}`);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(`${ROOT}/${path}`);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function pathsIn(text: string): string[] {
  return [PATH, ARGUMENT].flatMap((form) => Array.from(text.matchAll(form), (match) => match[1]!));
}

/** The rooms that stand first in the rows of a document's tables. */
function roomsIn(text: string): string[] {
  return Array.from(text.matchAll(/^\| `(lib\/[a-z/]+)` +\| *(?! *\|)/gm), (match) => match[1]!);
}

/** Words of the drawing that are no rooms of their own. */
const DRAWN_GROUPS: readonly string[] = [
  "cmd",
  "container",
  "daemons",
  "people",
  "clients",
  "chains",
  "ground",
  "pure",
  "subjects",
  "shared",
];

/** Names in the first drawing of a document, without its labels. */
function drawnNames(text: string): Set<string> {
  const [, drawing] = /```mermaid\nflowchart TD\n([^]*?)```/.exec(text) ?? [];
  const names = drawing!.replace(/"[^"]*"/g, "").replace(/\b(subgraph|end)\b/g, "").match(
    /[a-z]+/g,
  );
  return new Set(names);
}

Deno.test("architecture: paths are found in code, in command lines, and not where a word is a placeholder", () => {
  const text =
    "`lib/a/b.ts`, `lib/SUBJECT/core`, `cmd`, `deno task test:unit tests/x_test.ts`, lib/no";
  assertEquals(pathsIn(text), ["lib/a/b.ts", "cmd", "tests/x_test.ts"]);
});

Deno.test("architecture: the tables show every room of the list, in its order, with what it is for", () => {
  assertEquals(roomsIn("| `lib/top` | x |\n| `lib/rc/core` |  |\n"), ["lib/top"]);
  assertEquals(roomsIn(read("docs/architecture.md")), [...ROOMS]);
});

Deno.test("architecture: the drawing shows every subject and nothing else", () => {
  const subjects = ROOMS.filter((room) => /^lib\/[a-z]+$/.test(room)).map((room) => room.slice(4));
  const drawn = [...drawnNames(read("docs/architecture.md"))].filter((name) =>
    !DRAWN_GROUPS.includes(name)
  );
  assertEquals(drawn.sort(), subjects.toSorted());
});

for (const [document, least] of [["docs/architecture.md", 150], ["CONTRIBUTING.md", 8]] as const) {
  Deno.test(`architecture: every path that ${document} names is there`, () => {
    const paths = pathsIn(read(document));
    assert(paths.length >= least, `only ${paths.length} paths were found`);
    assertEquals(paths.filter((path) => !exists(path)), []);
  });
}
