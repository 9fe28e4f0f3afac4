import { assertEquals, assertThrows } from "@std/assert";
import {
  type ListDirectory,
  symlinkUnion,
  UnionConflict,
  type UnionNode,
} from "../../../../lib/utilities/core/symlink_union.ts";

/** A file system: a directory is a record, a file is null. */
interface Directory {
  readonly [name: string]: Directory | null;
}

const WORLD: Directory = {
  one: { a: null, b: null, sub: { x: null, y: null } },
  two: { a: null, sub: { x: null, z: null } },
  all: { a: null, b: null, sub: { x: null, y: null }, more: null },
  same: { a: null, b: null, sub: null },
  sub: { sub: { x: null, y: null } },
  deep: { a: { q: null } },
  less: { a: null },
  empty: {},
  hollow: { sub: {} },
  file: null,
};

const list: ListDirectory = (path) => {
  let place: Directory | null = WORLD;
  for (const name of path.split("/").slice(1)) {
    const next: Directory | null | undefined = place?.[name];
    if (next === undefined) throw new Error(`no ${path}`);
    place = next;
  }
  return place === null ? undefined : Object.keys(place);
};

type Shown = string | { readonly [name: string]: Shown };

function shown(node: UnionNode): Shown {
  if (node.kind === "link") return node.target;
  return Object.fromEntries(Array.from(node.entries, ([name, entry]) => [name, shown(entry)]));
}

const UNIONS: readonly (readonly [what: string, sources: readonly string[], union: Shown])[] = [
  ["one source is a link to it", ["/one"], "/one"],
  ["one that is a file", ["/file"], "/file"],
  ["one that is not there", ["/nowhere"], "/nowhere"],
  ["two beside each other, the later first", ["/one", "/two"], {
    a: "/two/a",
    b: "/one/b",
    sub: { x: "/two/sub/x", y: "/one/sub/y", z: "/two/sub/z" },
  }],
  [
    "a source of which nothing is left, though it has less than the later one",
    ["/less", "/one"],
    "/one",
  ],
  ["a source of which one file is left", ["/two", "/all"], {
    a: "/all/a",
    b: "/all/b",
    more: "/all/more",
    sub: { x: "/all/sub/x", y: "/all/sub/y", z: "/two/sub/z" },
  }],
  ["a directory that is replaced in every entry", ["/one", "/sub"], {
    a: "/one/a",
    b: "/one/b",
    sub: "/sub/sub",
  }],
  ["a source that is replaced as a whole", ["/one", "/one"], "/one"],
  ["an empty source adds nothing", ["/one", "/empty"], "/one"],
  ["empty directories in it add nothing either", ["/one", "/hollow"], "/one"],
  ["an empty first source", ["/empty", "/two"], "/two"],
  ["two empty sources", ["/empty", "/empty"], "/empty"],
  ["a directory takes the place of a file", ["/one", "/deep"], {
    a: "/deep/a",
    b: "/one/b",
    sub: "/one/sub",
  }],
  ["a file below a whole directory", ["/file", "/one"], "/one"],
];

for (const [what, sources, union] of UNIONS) {
  Deno.test(`symlinkUnion(): ${what}`, () =>
    assertEquals(shown(symlinkUnion("/dst", sources, list)), union));
}

Deno.test("symlinkUnion(): a file in the place of a directory is a conflict, which is named", () => {
  const error = assertThrows(() => symlinkUnion("/dst", ["/one", "/same"], list), UnionConflict);
  assertEquals([error.path, error.source], ["/dst/sub", "/same/sub"]);
  assertThrows(() => symlinkUnion("/dst", ["/one", "/file"], list), UnionConflict);
});

Deno.test("symlinkUnion(): what can't be listed is an error, if it has to be", () => {
  assertThrows(() => symlinkUnion("/dst", ["/one", "/nowhere"], list), Error, "no /nowhere");
  assertThrows(() => symlinkUnion("/dst", ["/nowhere", "/one"], list), Error, "no /nowhere");
});
