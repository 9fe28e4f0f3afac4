import { assertEquals } from "@std/assert";
import {
  componentMatcher,
  isPattern,
  unescapePattern,
} from "../../../../lib/core/regex/glob_pattern.ts";

const ROWS:
  readonly (readonly [pattern: string, matching: readonly string[], others: readonly string[]])[] =
    [
      ["*", ["a", "a b", "a\nb", "\udcff"], [".a", "."]],
      ["*.conf", ["a.conf", "a.b.conf"], [".conf", "a.conf.bak", "aXconf"]],
      [".*", [".a", "..", "."], ["a"]],
      ["\\.*", [".a"], ["a"]],
      ["?", ["a", "é", "🙂", "\udc80"], ["ab", "", "."]],
      ["a?c", ["abc", "a.c"], ["ac", "abbc"]],
      ["[abc]", ["a", "c"], ["d", "ab"]],
      ["[!abc]", ["d"], ["a", "."]],
      ["[^a]", ["b"], ["a"]],
      ["[]a]", ["]", "a"], ["b"]],
      ["[!]a]", ["b"], ["]", "a"]],
      ["[a-c]x", ["ax", "cx"], ["dx", "-x"]],
      ["[a-]", ["a", "-"], ["b"]],
      ["[-a]", ["a", "-"], ["b"]],
      ["[c-a]", [], ["a", "b", "c"]],
      ["[[:digit:]_]", ["7", "_"], ["a", ":"]],
      ["[[:nonsense:]]", [":]", "n]", "[]"], ["x]"]],
      ["[a", ["[a"], ["a"]],
      ["[&&^\\]|]", ["&", "^", "]", "|"], ["a"]],
      ["\\*", ["*"], ["a", "\\*"]],
      ["a\\", ["a\\"], ["a"]],
      ["a.b+c(d){1}^$|", ["a.b+c(d){1}^$|"], ["aXb+c(d){1}^$|"]],
    ];

for (const [pattern, matching, others] of ROWS) {
  Deno.test(`componentMatcher(${JSON.stringify(pattern)})`, () => {
    const matches = componentMatcher(pattern);
    assertEquals([...matching, ...others].filter(matches), matching);
  });
}

Deno.test("isPattern() tells patterns from names, unescapePattern() gives the name", () => {
  assertEquals(["a", "a b", "a*", "?", "[a", "a\\*"].map(isPattern), [
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
  assertEquals(unescapePattern("a\\*\\\\b\\ c"), "a*\\b c");
});
