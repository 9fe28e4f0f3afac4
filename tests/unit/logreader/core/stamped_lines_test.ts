import { assertEquals } from "@std/assert";
import { dateLines, stampLines } from "../../../../lib/logreader/core/stamped_lines.ts";

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function text(block: Uint8Array): string {
  return String.fromCharCode(...block);
}

const STAMPED: readonly (readonly [string, string])[] = [
  ["", ""],
  ["a\n", "> a\n"],
  ["a\nb\n", "> a\n> b\n"],
  ["\n\n", "> \n> \n"],
  ["a\nb", "> a\n> b"],
  ["\0\xff\r\n", "> \0\xff\r\n"],
];

for (const [block, expected] of STAMPED) {
  Deno.test(`stampLines: ${JSON.stringify(block)}`, () =>
    assertEquals(text(stampLines(bytes(block), bytes("> "))), expected));
}

Deno.test("stampLines: empty lines make a block many times as long", () => {
  const lines = 100_000;
  const stamped = stampLines(bytes("\n".repeat(lines)), bytes("@400000006b02450522bb639c "));
  assertEquals([stamped.length, text(stamped.subarray(-27))], [
    27 * lines,
    "@400000006b02450522bb639c \n",
  ]);
});

for (const length of [39, 40, 41, 100, 100_000]) {
  Deno.test(`stampLines: lines of ${length} bytes`, () => {
    const line = `${"x".repeat(length)}\n`;
    assertEquals(
      new TextDecoder().decode(stampLines(bytes(line + line), bytes("> "))),
      `> ${line}> ${line}`,
    );
  });
}

const STAMP = "@400000006b02450522bb639c"; // .582706076
const ZERO = "@400000006b02450500000000";
const LARGE = "@400000006b024505ffffffff"; // more nanoseconds than a second has

const DATED: readonly (readonly [string, string])[] = [
  [`${STAMP} a\n`, "NOW.582706076 a\n"],
  [`${STAMP}\n`, "NOW.582706076\n"],
  [STAMP, "NOW.582706076"],
  [`${STAMP}a\n${ZERO}b\n`, "NOW.582706076a\nNOW.000000000b\n"],
  [`${STAMP.toUpperCase()} a\n`, "NOW.582706076 a\n"],
  [`${LARGE} a\n`, "NOW.429496729 a\n"],
  [`${STAMP}${STAMP}\n`, `NOW.582706076${STAMP}\n`],
  [` ${STAMP} a\n`, ` ${STAMP} a\n`],
  [`${STAMP.slice(0, -1)} a\n`, `${STAMP.slice(0, -1)} a\n`],
  [`${STAMP.slice(0, -1)}g\n`, `${STAMP.slice(0, -1)}g\n`],
  [`@${STAMP}\n`, `@${STAMP}\n`],
  ["@\n\n@4\n", "@\n\n@4\n"],
  ["a\xff\0\n", "a\xff\0\n"],
  ["@0000000000000000" + "00000000 a\n", "@000000000000000000000000 a\n"], // the date of which nobody knows
];

for (const [block, expected] of DATED) {
  Deno.test(`dateLines: ${JSON.stringify(block)}`, () => {
    assertEquals(
      text(dateLines(bytes(block), (label) => label === 0n ? undefined : "NOW")),
      expected,
    );
  });
}

Deno.test("dateLines: asks once for lines of the same second", () => {
  const asked: bigint[] = [];
  const later = "@400000006b02450600000000";
  dateLines(bytes(`${STAMP} a\n${ZERO} b\nc\n${later} d\n${later} e\n${STAMP} f\n`), (label) => {
    asked.push(label);
    return "NOW";
  });
  assertEquals(asked, [0x400000006b024505n, 0x400000006b024506n, 0x400000006b024505n]);
});

Deno.test("dateLines: dates are longer than stamps, and the output grows", () => {
  const lines = 50_000;
  const dated = dateLines(bytes(`${STAMP}\n`.repeat(lines)), () => "2147485547-12-31 23:59:60");
  assertEquals(dated.length, lines * "2147485547-12-31 23:59:60.582706076\n".length);
});
