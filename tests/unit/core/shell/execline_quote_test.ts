import { assertEquals } from "@std/assert";
import { quoteForExecline } from "../../../../lib/core/shell/quoting.ts";

const CASES: readonly (readonly [string, string])[] = [
  ["/run/uncaught-logs", '"/run/uncaught-logs"'],
  ["", '""'],
  ["a b\tc\nd", '"a b\tc\nd"'],
  ['say "hi"', '"say \\"hi\\""'],
  ["back\\slash", '"back\\\\slash"'],
  ["{ $x #y }", '"{ $x #y }"'],
];

for (const [word, quoted] of CASES) {
  Deno.test(`quoteForExecline(${JSON.stringify(word)})`, () =>
    assertEquals(quoteForExecline(word), quoted));
}
