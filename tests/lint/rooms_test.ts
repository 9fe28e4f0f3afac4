/** The rooms of lib and the families of cmd: the list is whole, no circle of imports, no room too full. */
import { assertEquals } from "@std/assert";
import { ROOT } from "../../tools/layout.ts";
import { resolveImport } from "../../tools/lint/place.ts";
import { roomOf, ROOMS } from "../../tools/lint/rooms.ts";

const MOST_FILES_IN_A_ROOM = 40;

function filesUnder(directory: string): string[] {
  return [...Deno.readDirSync(`${ROOT}/${directory}`)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesUnder(`${directory}/${name}`)
      : name.endsWith(".ts")
      ? [`${directory}/${name}`]
      : []
  );
}

const FILES: readonly string[] = ["cmd", "lib"].flatMap(filesUnder).sort();

/** What a file loads when it is loaded itself; a command that is loaded when it is called makes no circle. */
function staticImports(path: string): string[] {
  const text = Deno.readTextFileSync(`${ROOT}/${path}`);
  return Array.from(
    text.matchAll(/^(?:import|\}) [^;]*?from "(\.[^"]+)";/gm),
    (match) => resolveImport(path, match[1]!),
  );
}

/** The first circle that a walk meets, as a path of files. */
function findCircle(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  function walk(path: string, trail: readonly string[]): string[] {
    const at = trail.indexOf(path);
    if (at >= 0) return [...trail.slice(at), path];
    if (done.has(path)) return [];
    for (const next of imports.get(path) ?? []) {
      const circle = walk(next, [...trail, path]);
      if (circle.length > 0) return circle;
    }
    done.add(path);
    return [];
  }
  for (const path of imports.keys()) {
    const circle = walk(path, []);
    if (circle.length > 0) return circle;
  }
  return [];
}

Deno.test("rooms: a circle of three files is found", () => {
  const imports = new Map([["a", ["b"]], ["b", ["c"]], ["c", ["b"]]]);
  assertEquals(findCircle(imports), ["b", "c", "b"]);
});

Deno.test("rooms: no circle between files", () => {
  const imports = new Map(FILES.map((path) => [path, staticImports(path)]));
  assertEquals([...imports.values()].flat().length > 1000, true);
  assertEquals(findCircle(imports), []);
});

Deno.test("rooms: every file of lib stands in a room of the list, and every room of the list has files", () => {
  assertEquals(FILES.filter((path) => path.startsWith("lib/") && roomOf(path) === undefined), []);
  const used = new Set(FILES.map(roomOf));
  assertEquals(ROOMS.filter((room) => !used.has(room)), []);
});

Deno.test("rooms: no folder is too full to be seen at a glance", () => {
  const counts = new Map<string, number>();
  for (const path of FILES) {
    const folder = path.slice(0, path.lastIndexOf("/"));
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  assertEquals([...counts].filter(([, count]) => count > MOST_FILES_IN_A_ROOM), []);
});
