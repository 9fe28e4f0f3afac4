import { assertEquals } from "@std/assert";
import { encodePath } from "../../../../lib/core/text/path_bytes.ts";
import { baseName, dirName, withoutSuffix } from "../../../../lib/core/text/path_name.ts";

const PATHS: readonly (readonly [path: string, base: string, dir: string])[] = [
  ["", ".", "."],
  ["/", "/", "/"],
  ["///", "/", "/"],
  ["a", "a", "."],
  ["a/", "a", "."],
  ["/a", "a", "/"],
  ["//a//", "a", "/"],
  ["a/b", "b", "a"],
  ["a//b//", "b", "a"],
  ["/a/b.c", "b.c", "/a"],
  ["../..", "..", ".."],
  ["\udcff/\udcfe", "\udcfe", "\udcff"],
];

for (const [path, base, dir] of PATHS) {
  Deno.test(`baseName(), dirName(): ${JSON.stringify(path)}`, () => {
    assertEquals(baseName(path), base);
    assertEquals(dirName(path), dir);
  });
}

const SUFFIXES: readonly (readonly [name: string, suffix: string, rest: string])[] = [
  ["a.c", ".c", "a"],
  ["a.c", "", "a.c"],
  [".c", ".c", ".c"],
  ["a.c", ".d", "a.c"],
  ["c", "a.c", "c"],
  ["é", "\udca9", "\udcc3"],
];

for (const [name, suffix, rest] of SUFFIXES) {
  Deno.test(`withoutSuffix(): ${JSON.stringify(name)} without ${JSON.stringify(suffix)}`, () => {
    assertEquals(withoutSuffix(encodePath(name), encodePath(suffix)), encodePath(rest));
  });
}
