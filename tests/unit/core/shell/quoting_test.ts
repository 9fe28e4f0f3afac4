import { assertEquals, assertThrows } from "@std/assert";
import { readDelimited } from "../../../../lib/utilities/core/delimited.ts";
import { quoteBytes, unquoteBytes } from "../../../../lib/core/shell/quoting.ts";
import { seededRandom } from "../seeded_random.ts";

/** One character a byte. */
function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const QUOTED: readonly (readonly [text: string, delimiters: string, quoted: string])[] = [
  ["", '"', ""],
  ["plain text", '"', "plain text"],
  ['"\\', '"', '\\"\\\\'],
  ['"\\', "", '"\\\\'],
  ['it\'s "x"', "'\"", 'it\\\'s \\"x\\"'],
  ["\x07\b\t\n\v\f\r", '"', "\\a\\b\\t\\n\\v\\f\\r"],
  ["\0\x1b\x7f\x80\xff", '"', "\\0x00\\0x1b\\0x7f\\0x80\\0xff"],
  ["a s", "s", "a \\s"],
];

for (const [text, delimiters, quoted] of QUOTED) {
  Deno.test(`quoteBytes(): ${JSON.stringify(text)} between ${JSON.stringify(delimiters)}`, () => {
    assertEquals(quoteBytes(bytesOf(text), bytesOf(delimiters)), bytesOf(quoted));
  });
}

Deno.test("quoteBytes(): what means something after a backslash, or can't be printed, is no delimiter", () => {
  for (let byte = 0; byte < 256; byte++) {
    const character = String.fromCharCode(byte);
    const isDelimiter = byte >= 0x20 && byte <= 0x7e && !/[0-9a-fnrtvx]/.test(character);
    if (isDelimiter) quoteBytes(bytesOf("x"), Uint8Array.of(byte));
    else assertThrows(() => quoteBytes(bytesOf("x"), Uint8Array.of(byte)), RangeError);
  }
});

Deno.test("unquoteBytes(): what means something after a backslash, or stands there twice, is no delimiter", () => {
  for (let byte = 0; byte < 256; byte++) {
    const isDelimiter = !/[0-9a-fnrstvx\\]/.test(String.fromCharCode(byte));
    if (isDelimiter) unquoteBytes(bytesOf("x"), Uint8Array.of(byte));
    else assertThrows(() => unquoteBytes(bytesOf("x"), Uint8Array.of(byte)), RangeError);
  }
  assertThrows(() => unquoteBytes(bytesOf("x"), bytesOf("''")), RangeError);
});

const UNQUOTED:
  readonly (readonly [quoted: string, delimiters: string, text: string, end: number])[] = [
    ['a"b', '"', "a", 1],
    ["ab", '"', "ab", 2],
    ["\\\"\\'\\q\\1", "", "\"'q1", 8],
    ["\\a\\b\\t\\n\\v\\f\\r\\s", "", "\x07\b\t\n\v\f\r ", 16],
    ["\\0x41\\0xff\\0", "", "A\xff\0", 12],
    ['\\0"x', '"', "\0", 2],
    ["\\0\\0", "", "\0\0", 4],
    ["\\0a\\0X1", "", "\0a\0X1", 7],
    ["\xff\0", '"', "\xff\0", 2],
  ];

for (const [quoted, delimiters, text, end] of UNQUOTED) {
  Deno.test(`unquoteBytes(): ${JSON.stringify(quoted)} up to ${JSON.stringify(delimiters)}`, () => {
    assertEquals(unquoteBytes(bytesOf(quoted), bytesOf(delimiters)), {
      kind: "text",
      bytes: bytesOf(text),
      end,
    });
  });
}

const BROKEN: readonly (readonly [quoted: string, delimiters: string, at: number])[] = [
  ['"', "'", 0],
  ["", '"', 0],
  ['"abc', '"', 4],
  ['"\\', '"', 2],
  ["\\", "", 1],
  ["\\0x", "", 3],
  ["\\0x4", "", 4],
  ["\\0xg1", "", 3],
  ["\\0x1G", "", 4],
  ["\\0xAB", "", 3],
  ['"\\0x4"', '"', 5],
];

for (const [quoted, delimiters, at] of BROKEN) {
  Deno.test(`readDelimited(): ${JSON.stringify(quoted)} is an error at ${at}`, () => {
    const result = readDelimited(bytesOf(quoted), bytesOf(delimiters));
    assertEquals(result.kind === "error" && result.at, at);
  });
}

Deno.test("readDelimited(): ends behind the closing delimiter, which need not be the opening one", () => {
  assertEquals(readDelimited(bytesOf("'a\"b"), bytesOf("'\"")), {
    kind: "text",
    bytes: bytesOf("a"),
    end: 3,
  });
  assertEquals(readDelimited(bytesOf("a'b"), bytesOf("")), {
    kind: "text",
    bytes: bytesOf("a'b"),
    end: 3,
  });
});

Deno.test("quoteBytes() and unquoteBytes(): random bytes come back, whatever the delimiters, and what is quoted is printable", () => {
  const random = seededRandom(0x90e);
  const possible = Array.from(
    "\"'/:;,.!?ABCXYZ()[]{}<> _gjklmuqwyz|~",
    (character) => character.charCodeAt(0),
  );
  for (let round = 0; round < 20_000; round++) {
    const bytes = Uint8Array.from(
      { length: random(12) },
      () => random(3) === 0 ? random(256) : possible[random(possible.length)]!,
    );
    const delimiters = [
      ...new Set(Array.from({ length: random(4) }, () => possible[random(possible.length)]!)),
    ];
    const quoted = quoteBytes(bytes, Uint8Array.from(delimiters));
    assertEquals([...quoted].filter((byte) => byte < 0x20 || byte > 0x7e), []);
    const end = [
      ...quoted,
      ...delimiters.slice(0, 1),
      ...delimiters.length > 0 ? bytesOf("rest") : [],
    ];
    assertEquals(unquoteBytes(Uint8Array.from(end), Uint8Array.from(delimiters)), {
      kind: "text",
      bytes,
      end: quoted.length,
    });
  }
});
