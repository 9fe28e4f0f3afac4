import { assertEquals } from "@std/assert";
import { translateEre } from "../../../../lib/core/regex/ere_translation.ts";

/**
 * What becomes of an expression. That it means the same as the C library's is shown in
 * tests/unit/libc/ere_equivalence_test.ts.
 */
const SOURCES: readonly (readonly [string, string])[] = [
  ["", "(?:)"],
  ["fatal", "fatal"],
  ["a.c", "a[^\\n]c"],
  ["^STAT", "(?<![^\\n])STAT"],
  ["end$", "end(?![^\\n])"],
  ["\\.\\*\\\\", "\\x2e\\x2a\\x5c"],
  ["}]", "\\x7d\\x5d"],
  ["[[:digit:]x]", "[0-9x]"],
  ["[^a]", "[^\\na]"],
  ["[a]", "a"],
  ["a|b|[0-9]", "[0-9a-b]"],
  ["error|warn(ing)?", "error|warn"],
  ["(a|bc)d", "(?:a|bc)d"],
  ["x(ab){2,3}y", "x(?:ab){2,3}y"],
  ["x(a|b)*y", "x[a-b]*y"],
  // what may match nothing does not count at the ends
  [".*fatal.*", "fatal"],
  ["[0-9]+ms", "[0-9]ms"],
  ["x{2,}y{3,5}", "x{2}y{3}"],
  ["a*", "(?:)"],
  ["foo|b*", "(?:)"],
  ["^.*x", "(?<![^\\n])[^\\n]*x"],
  // nothing is tried twice between the outer ones of several .*
  ["a.*b.*c", "a(?=([^\\n]*?b))\\1[^\\n]*?c"],
  [
    "a.*b.+c.*d|e.*f.*g",
    "a(?=([^\\n]*?b[^\\n]))\\1(?=([^\\n]*?c))\\2[^\\n]*?d|e(?=([^\\n]*?f))\\3[^\\n]*?g",
  ],
  ["^[^ ]+ [^ ]+ x", "(?<![^\\n])[^\\n ]+ [^\\n ]+ x"],
];

/** What can match at the beginning of a line only is sticky. */
const flagsOf = (pattern: string): string =>
  pattern.startsWith("^") && !pattern.includes("|") ? "my" : "gm";

for (const [pattern, source] of SOURCES) {
  Deno.test(`translateEre: /${pattern}/ becomes /${source}/${flagsOf(pattern)}`, () => {
    const translated = translateEre(pattern);
    assertEquals([translated?.source, translated?.flags], [source, flagsOf(pattern)]);
  });
}

const FLAGS: readonly (readonly [string, string])[] = [
  ["^", "my"],
  ["^a|^b", "my"],
  ["(^a)b", "my"],
  ["^a|b", "gm"],
  ["(^a|b)c", "gm"],
  ["x*^a", "my"],
  ["a^b", "gm"],
];

for (const [pattern, flags] of FLAGS) {
  Deno.test(`translateEre: /${pattern}/ is ${flags === "my" ? "tried at the beginning of each line" : "searched for"}`, () => {
    assertEquals(translateEre(pattern)?.flags, flags);
  });
}

const REFUSED: readonly (readonly [string, string])[] = [
  ["(a)\\1", "a back-reference"],
  ["\\<a", "GNU's start of a word"],
  ["a\\>", "GNU's end of a word"],
  ["\\ba", "GNU's edge of a word"],
  ["\\w", "GNU's word byte"],
  ["\\`a", "GNU's start of the text"],
  ["a\\'", "GNU's end of the text"],
  ["\\n", "an escaped letter"],
  ["a\\", "nothing to escape"],
  ["a\nb", "a newline"],
  ["[[=a=]]", "an equivalence class"],
  ["[[.hyphen.]]", "a collating symbol"],
  ["[[:foo:]]", "an unknown class"],
  ["[[:constructor:]]", "a class that only JavaScript's objects know"],
  ["[a-c-e]", "a range that goes on"],
  ["[[:alpha:]-z]", "a range from a class"],
  ["[c-a]", "a range backwards"],
  ["[+--]", "a range to a hyphen"],
  ["[a", "an open bracket"],
  ["[]", "an open bracket"],
  ["()", "an empty group"],
  ["(a", "an open group"],
  ["a)", "a group that is not open"],
  ["a||b", "an empty branch"],
  ["|a", "an empty branch"],
  ["(a|)", "an empty branch"],
  ["*a", "a repetition of nothing"],
  ["(+a)", "a repetition of nothing"],
  ["^*", "a repetition of an anchor"],
  ["(^a|b)+c", "a repetition of an anchor"],
  ["a**", "a repetition of a repetition"],
  ["a+{2}", "a repetition of a repetition"],
  ["{1}", "an interval of nothing"],
  ["a{,2}b", "an interval without its lower bound"],
  ["a{x", "half an interval"],
  ["a{2", "half an interval"],
  ["xa{0}b", "an interval of no repetition"],
  ["a{3,2}", "an interval backwards"],
  ["a{256}", "a large interval"],
  ["a{1000}", "a large interval"],
  ["x(a*)*y", "a repetition of an unbounded repetition"],
  ["x(a|ab)*y", "a repetition of branches that begin alike"],
  ["x([a-z]+,)*y", "a repetition of an unbounded repetition"],
  ["x.*[0-9]*.*y[0-9]+.*z$", "unbounded repetitions that share their bytes"],
  ["x(a?){20}y", "too many ways"],
  ["é", "a byte that is not ASCII"],
  ["[a-ÿ]", "bytes that are not ASCII, but not all"],
  ["a".repeat(2001), "a long expression"],
  ["(".repeat(51) + "a" + ")".repeat(51), "deep groups"],
  ["x((a{250}b?){250}c?){250}y", "an expression that is large when it is unrolled"],
];

for (const [pattern, reason] of REFUSED) {
  Deno.test(`translateEre: leaves ${reason} to the C library: ${pattern.slice(0, 30)}`, () =>
    assertEquals(translateEre(pattern), undefined));
}

Deno.test("translateEre: carriage returns and what else JavaScript takes for the end of a line are bytes like others", () => {
  const text = "a\rb\na\u2028b";
  const atEachPlace = Array.from(
    text,
    (_, at) => Object.assign(translateEre("^b")!, { lastIndex: at }).test(text),
  );
  assertEquals(atEachPlace, Array.from(text, () => false));
  assertEquals(text.match(translateEre("a$")!), null);
  assertEquals(text.match(translateEre("a.b")!)?.length, 2);
});

Deno.test("translateEre: it matters not how bytes above 0x7f were decoded", () => {
  const expression = translateEre("^[^a]b")!;
  for (const other of ["\x80", "\u20ac", "\ufffd", "\xff"]) {
    assertEquals(Object.assign(expression, { lastIndex: 2 }).test(`a\n${other}b`), true);
  }
});

Deno.test("translateEre: on a line that is long and hopeless it gives up in time", () => {
  const line = "ab".repeat(4096);
  const start = performance.now();
  for (
    const pattern of ["a.*b.*c", "^.*a.*b.*c", "(ab)+c", "[ab]+c", "(a|b)*c", "^[^c]*a[^c]*b[^x]*c"]
  ) {
    line.match(translateEre(pattern) ?? /$/);
  }
  const secondsMax = 20; // one that tries all ways would take hours
  assertEquals(performance.now() - start < secondsMax * 1000, true);
});
