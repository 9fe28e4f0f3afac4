/** What clients of s6-rc send: whole again after any cut, and refused if it is of no form. */
import { assertEquals, assertThrows } from "@std/assert";
import {
  Assembler,
  MAX_MESSAGE,
  packetsOf,
  parseAnswer,
  parseRequest,
  type Request,
  requestText,
} from "../../../lib/rc/core/protocol.ts";

const CHANGE: Request = {
  command: "change",
  live: "/run/s6-rc",
  direction: "up",
  names: ["a b", 'it"s', "é", "\udc80"],
  all: false,
  forced: false,
  prune: true,
  timeoutMs: 5,
  verbosity: 2,
};

function through(text: string): string | undefined {
  const assembler = new Assembler();
  let whole: string | undefined;
  for (const packet of packetsOf(text)) whole = assembler.add(packet);
  return whole;
}

Deno.test("rc protocol: a request arrives as it was, whatever its names are", () => {
  assertEquals(parseRequest(through(requestText(CHANGE))!) as unknown, { version: 1, ...CHANGE });
});

Deno.test("rc protocol: a long request travels in several packets", () => {
  const long = {
    ...CHANGE,
    names: Array.from({ length: 3000 }, (_, i) => `service-${i}-of-a-long-name`),
  };
  assertEquals(packetsOf(requestText(long)).length > 2, true);
  assertEquals((parseRequest(through(requestText(long))!) as typeof long).names.length, 3000);
});

Deno.test("rc protocol: what is too long or no packet of ours is refused", () => {
  const assembler = new Assembler();
  assertThrows(() => assembler.add(new Uint8Array(0)), SyntaxError);
  assertThrows(() => assembler.add(new Uint8Array([0x7b])), SyntaxError);
  const more = new Uint8Array(32_768).fill(0x2b);
  assertThrows(
    () => {
      for (let size = 0; size <= MAX_MESSAGE + more.length; size += more.length) {
        assembler.add(more);
      }
    },
    SyntaxError,
    "longer than",
  );
});

for (
  const [title, text] of [
    ["no JSON", "change"],
    ["no object", "3"],
    ["null", "null"],
    ["another version", JSON.stringify({ ...CHANGE, version: 2 })],
    ["no command", JSON.stringify({ version: 1 })],
    ["an unknown command", JSON.stringify({ version: 1, command: "toString" })],
    ["names that are none", JSON.stringify({ version: 1, ...CHANGE, names: [1] })],
    ["a name with NUL", JSON.stringify({ version: 1, ...CHANGE, names: ["a\0b"] })],
    ["a time that is none", JSON.stringify({ version: 1, ...CHANGE, timeoutMs: -1 })],
    ["a missing field", JSON.stringify({ version: 1, ...CHANGE, prune: undefined })],
    [
      "a conversion that is none",
      JSON.stringify({ version: 1, command: "update", conversions: [null] }),
    ],
  ] as const
) {
  Deno.test(`rc protocol: ${title} is refused`, () => {
    assertThrows(() => parseRequest(text), SyntaxError);
  });
}

Deno.test("rc protocol: answers are read back, anything else is refused", () => {
  assertEquals(parseAnswer('{"kind":"end","code":3}'), { kind: "end", code: 3 });
  assertThrows(() => parseAnswer('{"kind":"end"}'), SyntaxError);
  assertThrows(() => parseAnswer("null"), SyntaxError);
});
