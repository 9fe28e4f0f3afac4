import { assertEquals } from "@std/assert";
import { canonicalPath } from "../../../../lib/core/text/path_canonical.ts";

const PATHS: Readonly<Record<string, string>> = {
  "/": "/",
  "": ".",
  ".": ".",
  "./a": "a",
  "a//b/./c/": "a/b/c",
  "/a/../b": "/b",
  "a/..": ".",
  "..": "..",
  "../a": "../a",
  "../../a": "../../a",
  "a/../../b": "../b",
  "/..": "/",
  "/../a": "/a",
  "//a": "/a",
  "a/...": "a/...",
};

Deno.test("canonicalPath()", () => {
  for (const [path, result] of Object.entries(PATHS)) {
    assertEquals([path, canonicalPath(path, () => {})], [path, result]);
  }
});

Deno.test("canonicalPath(): asks about each directory that .. leads out of", () => {
  const asked: string[] = [];
  canonicalPath("/a/b/../../c/..", (path) => asked.push(path));
  canonicalPath("x/y/..", (path) => asked.push(path));
  assertEquals(asked, ["/a/b", "/a", "/c", "x/y"]);
});
