import { assertEquals, assertStrictEquals } from "@std/assert";
import {
  decodePath,
  encodeCString,
  encodePath,
  NO_C_STRING,
} from "../../../../lib/core/text/path_bytes.ts";
import { seededRandom } from "../seeded_random.ts";

const cases: readonly (readonly [what: string, bytes: readonly number[], text: string])[] = [
  ["nothing", [], ""],
  ["ASCII", [0x72, 0x75, 0x6e], "run"],
  ["two, three and four bytes", [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80], "é€😀"],
  ["a byte order mark is kept", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
  ["latin-1 é", [0x61, 0xe9, 0x62], "a\udce9b"],
  ["every lone byte above ASCII", [0x80, 0xff], "\udc80\udcff"],
  ["a truncated sequence", [0xe2, 0x82], "\udce2\udc82"],
  ["a truncated sequence before text", [0xf0, 0x9f, 0x98, 0x61], "\udcf0\udc9f\udc98a"],
  ["an overlong slash", [0xc0, 0xaf], "\udcc0\udcaf"],
  ["an overlong three bytes", [0xe0, 0x80, 0xaf], "\udce0\udc80\udcaf"],
  ["an overlong four bytes", [0xf0, 0x80, 0x80, 0xaf], "\udcf0\udc80\udc80\udcaf"],
  ["an encoded surrogate", [0xed, 0xb2, 0x80], "\udced\udcb2\udc80"],
  ["the last code point", [0xf4, 0x8f, 0xbf, 0xbf], "\u{10ffff}"],
  ["above the last code point", [0xf4, 0x90, 0x80, 0x80], "\udcf4\udc90\udc80\udc80"],
  ["good and bad mixed", [0xc3, 0xa9, 0xff, 0xc3, 0xa9], "é\udcffé"],
];

for (const [what, bytes, text] of cases) {
  Deno.test(`decodePath() and encodePath(): ${what}`, () => {
    assertEquals(decodePath(new Uint8Array(bytes)), text);
    assertEquals(encodePath(text), new Uint8Array(bytes));
  });
}

Deno.test("decodePath() and encodePath(): every pair of bytes comes back", () => {
  const pair = new Uint8Array(2);
  for (let value = 0; value <= 0xffff; value++) {
    pair[0] = value >> 8;
    pair[1] = value & 0xff;
    const back = encodePath(decodePath(pair));
    if (back.length !== 2 || back[0] !== pair[0] || back[1] !== pair[1]) assertEquals(back, pair);
  }
});

Deno.test("decodePath() and encodePath(): names of random bytes come back", () => {
  const random = seededRandom(0x5eed);
  // bytes that begin, continue and nearly make sequences: uniform bytes seldom do
  const telling = [
    0x2f,
    0x61,
    0x7f,
    0x80,
    0x8f,
    0x90,
    0x9f,
    0xa0,
    0xbf,
    0xc0,
    0xc2,
    0xdf,
    0xe0,
    0xe2,
    0xed,
    0xef,
    0xf0,
    0xf4,
    0xf5,
    0xff,
  ];
  for (let round = 0; round < 5000; round++) {
    const bytes = Uint8Array.from(
      { length: random(24) },
      () => random(2) === 0 ? random(256) : telling[random(telling.length)]!,
    );
    assertEquals(encodePath(decodePath(bytes)), bytes);
  }
});

Deno.test("decodePath(): joined names mean the joined bytes", () => {
  const left = decodePath(new Uint8Array([0x61, 0xff]));
  const right = decodePath(new Uint8Array([0x80, 0xf0]));
  assertEquals(encodePath(`${left}/${right}`), new Uint8Array([0x61, 0xff, 0x2f, 0x80, 0xf0]));
});

Deno.test("decodePath(): reads a view into a larger buffer", () => {
  assertEquals(decodePath(new Uint8Array([0x78, 0x72, 0xe9, 0x78]).subarray(1, 3)), "r\udce9");
});

Deno.test("encodePath(): a lone surrogate that stands for no byte becomes U+FFFD", () => {
  assertEquals(
    encodePath("\ud800\udc7f\ud83d"),
    new Uint8Array([0xf0, 0x90, 0x81, 0xbf, 0xef, 0xbf, 0xbd]),
  );
});

Deno.test("encodeCString(): ends in one NUL", () => {
  assertEquals(encodeCString("a\udcff"), new Uint8Array([0x61, 0xff, 0]));
  assertEquals(encodeCString(""), new Uint8Array([0]));
});

Deno.test("encodeCString(): a NUL inside makes it no C string", () => {
  assertStrictEquals(encodeCString("run\0x"), NO_C_STRING);
  assertStrictEquals(encodeCString("\udcff\0"), NO_C_STRING);
});
