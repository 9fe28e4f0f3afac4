/** What a script stands for, against words that C's execlineb gave for it. */
import { assertEquals, assertThrows } from "@std/assert";
import { parseScript, ScriptError } from "../../../../lib/execline/core/execline_script.ts";
import { placeText } from "../../../../lib/execline/core/words.ts";

function parse(script: string): readonly string[] {
  return parseScript(new TextEncoder().encode(script), "run").texts;
}

const SCRIPTS: readonly (readonly [script: string, words: readonly string[]])[] = [
  ["", []],
  ["  \t\r\n\v\f", []],
  ["a b\tc\nd", ["a", "b", "c", "d"]],
  ["# all of it", []],
  ["a#b # c\n#d\ne", ["a#b", "e"]],
  ['"" a""b "c d"', ["", "ab", "c d"]],
  ['"a\nb"', ["a\nb"]],
  ['"\\a\\b\\t\\n\\v\\f\\r"', ["\x07\b\t\n\v\f\r"]],
  ['"\\x\\c\\"\\\\\\#"', ['xc"\\#']],
  ['"a\\\nb"', ["ab"]],
  ['"\\0x41\\0x4a5\\65\\0101\\010111"', ["AJ5AAA11"]],
  ['a\\ b \\# \\{ \\"', ["a b", "#", "{", '"']],
  ["a \\\n b", ["a", "b"]],
  ["a\\\nb", ["a\nb"]],
  ["a \\", ["a"]],
  ["{ a }", [" a", ""]],
  ['{ a { b "" } c } d', [" a", "  b", "  ", " ", " c", "", "d"]],
  ["{ }", [""]],
  ["{a }b a{ {} }{", ["{a", "}b", "a{", "{}", "}{"]],
  ['{"a" }"b" {# }#', ["{a", "}b", "{#", "}#"]],
  ["a\0 { b", ["a"]],
  ["{\\a", ["{a"]],
  ["{ {\\a }", [" { a", ""]],
  ["{\\\na", ["{a"]],
];

Deno.test("parseScript(): words, quotes, escapes, comments, blocks", () => {
  for (const [script, words] of SCRIPTS) assertEquals([script, parse(script)], [script, words]);
});

Deno.test("parseScript(): bytes that are not UTF-8 stay what they are", () => {
  assertEquals(parseScript(Uint8Array.of(0xff, 0x20, 0xc3, 0xa9), "run").texts, ["\udcff", "é"]);
  assertEquals(parse('"\\0xff\\0xc3\\0xa9"'), ["\udcffé"]);
});

const ERRORS: readonly (readonly [script: string, message: string, place: string])[] = [
  ["a\n  }", "unmatched }", "run:2:3"],
  ["a {\n{ b }\n { c", "unmatched {", "run:3:2"],
  ['a\n "b', "syntax error", "run:2:4"],
  ["a\\", "syntax error", "run:1:3"],
  ["a {", "syntax error", "run:1:4"],
  ['"\\', "syntax error", "run:1:3"],
  ['"\\08"', "syntax error", "run:1:4"],
  ['"\\0"', "syntax error", "run:1:4"],
  ['"\\0xg"', "syntax error", "run:1:5"],
  ['"\\256"', "syntax error", "run:1:6"],
  ['"\\0400"', "syntax error", "run:1:7"],
  ['é "\\0x"', "syntax error", "run:1:7"],
];

Deno.test("parseScript(): what is no script, and where", () => {
  for (const [script, message, place] of ERRORS) {
    const error = assertThrows(() => parse(script), ScriptError);
    assertEquals([script, error.message, placeText(error.place)], [script, message, place]);
  }
});

Deno.test("parseScript(): a number at the very end closes its quote", () => {
  assertEquals(parse('a "\\065'), ["a", "5"]);
});

Deno.test("parseScript(): each word knows where it begins", () => {
  const { texts, places } = parseScript(new TextEncoder().encode('a  "b c"\n{\n  é d }\n'), "run");
  assertEquals(texts.map((text, i) => `${text}@${placeText(places[i]!)}`), [
    "a@run:1:1",
    "b c@run:1:4",
    " é@run:3:3",
    " d@run:3:5",
    "@run:3:7",
  ]);
});

/** Bytes that count how many of them are looked at in pieces. */
class CountedBytes extends Uint8Array<ArrayBuffer> {
  lookedAt = 0;

  override subarray(start = 0, end = this.length): Uint8Array<ArrayBuffer> {
    this.lookedAt += end - start;
    return new Uint8Array(this.buffer, start, end - start);
  }
}

Deno.test("parseScript(): a line of any number of words is looked at once, not once for each word", () => {
  for (const word of ["word ", "é ", "{ } ", '"q" ', "{\\ x "]) {
    const bytes = CountedBytes.from(new TextEncoder().encode(word.repeat(2000))) as CountedBytes;
    try {
      parseScript(bytes, "run");
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
    }
    assertEquals(
      bytes.lookedAt <= 2 * bytes.length,
      true,
      `${word}: ${bytes.lookedAt} of ${bytes.length}`,
    );
  }
});
