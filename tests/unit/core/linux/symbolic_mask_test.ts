import { assertEquals } from "@std/assert";
import { applySymbolicMask, symbolicMask } from "../../../../lib/core/linux/symbolic_mask.ts";

Deno.test("symbolicMask(): what is allowed", () => {
  assertEquals([0o022, 0o077, 0, 0o777].map(symbolicMask), [
    "u=rwx,g=rx,o=rx",
    "u=rwx,g=,o=",
    "u=rwx,g=rwx,o=rwx",
    "u=,g=,o=",
  ]);
});

const CASES: readonly (readonly [mask: number, text: string, result: number | undefined])[] = [
  [0o022, "g+w", 0o002],
  [0o022, "u-w,o-rx", 0o227],
  [0o022, "a=rx", 0o222],
  [0o022, "=rwx", 0],
  [0o022, "+w", 0],
  [0o027, "o=u", 0o020],
  [0o077, "g+r+x,o=r", 0o023],
  [0o022, "ug=r", 0o332],
  [0o022, "u=", 0o022],
  [0o022, "u", 0o022],
  [0o022, "", 0o022],
  [0o022, "g+w,", 0o002],
  [0o022, "u+st", 0o022],
  [0o022, "u,g+w", undefined],
  [0o022, "x", undefined],
  [0o022, "u*w", undefined],
  [0o022, "u+q", undefined],
  [0o022, "u=g=ox", undefined],
];

Deno.test("applySymbolicMask()", () => {
  for (const [mask, text, result] of CASES) {
    assertEquals([mask, text, applySymbolicMask(mask, text)], [mask, text, result]);
  }
});
