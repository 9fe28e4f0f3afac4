import { assertEquals } from "@std/assert";
import {
  isSorted,
  lineComparison,
  type LineOrder,
  lineSpans,
  sortedLines,
  withoutDuplicates,
} from "../../../../lib/utilities/core/line_order.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const LF = 10;
const PLAIN: LineOrder = { skipBlanks: false, ignoreCase: false, reverse: false };

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const COMPARED:
  readonly (readonly [a: string, b: string, order: Partial<LineOrder>, sign: number])[] = [
    ["a", "b", {}, -1],
    ["a", "a", {}, 0],
    ["ab", "a", {}, 1],
    ["", "a", {}, -1],
    ["\xff", "z", {}, 1],
    ["a", "b", { reverse: true }, 1],
    ["B", "a", { ignoreCase: true }, 1],
    ["A", "a", { ignoreCase: true }, 0],
    ["A", "a", {}, -1],
    ["[", "a", { ignoreCase: true }, -1],
    ["\xc4", "\xe4", { ignoreCase: true }, -1],
    ["  b", "\ta", { skipBlanks: true }, 1],
    [" a", "a", { skipBlanks: true }, 0],
    [" ", "", { skipBlanks: true }, 0],
    ["a\0x", "a\0bb", {}, -1],
    ["a\0x", "a\0y", {}, 0],
    ["a\0x", "a", {}, 1],
    ["a\0", "ab", {}, -1],
  ];

for (const [a, b, order, sign] of COMPARED) {
  Deno.test(`lineComparison(): ${JSON.stringify(a)} and ${JSON.stringify(b)}, ${JSON.stringify(order)}`, () => {
    const bytes = bytesOf(`${a}\n${b}\n`);
    const compare = lineComparison(bytes, lineSpans(bytes, LF), { ...PLAIN, ...order });
    assertEquals([Math.sign(compare(0, 1)), Math.sign(compare(1, 0)) + 0], [sign, -sign + 0]);
  });
}

for (
  const [text, lines] of [["", []], ["\n", [""]], ["a", ["a"]], ["a\n\nb\n", ["a", "", "b"]], [
    "\n\n",
    ["", ""],
  ]] as const
) {
  Deno.test(`lineSpans(): ${JSON.stringify(text)}`, () => {
    const { starts, ends } = lineSpans(bytesOf(text), LF);
    assertEquals(Array.from(starts, (start, line) => text.slice(start, ends[line])), [...lines]);
  });
}

Deno.test("sortedLines(), withoutDuplicates(), isSorted(): of random lines, those that JavaScript sorts, stable, the last of equals", () => {
  const random = seededRandom(0x50f7);
  for (let round = 0; round < 300; round++) {
    const lines = Array.from(
      { length: random(50) },
      () => Array.from({ length: random(4) }, () => "abAB \t"[random(6)]).join(""),
    );
    const order = {
      skipBlanks: random(2) === 0,
      ignoreCase: random(2) === 0,
      reverse: random(2) === 0,
    };
    const key = (line: string): string => {
      const bare = order.skipBlanks ? line.replace(/^[ \t]+/, "") : line;
      return order.ignoreCase ? bare.toLowerCase() : bare;
    };
    const sign = order.reverse ? -1 : 1;
    const expected = lines.toSorted((a, b) =>
      sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
    );

    const bytes = bytesOf(lines.map((line) => `${line}\n`).join(""));
    const compare = lineComparison(bytes, lineSpans(bytes, LF), order);
    const sorted = sortedLines(lines.length, compare);
    assertEquals(Array.from(sorted, (line) => lines[line]!), expected);
    const last = expected.filter((line, i) =>
      i + 1 === expected.length || key(line) !== key(expected[i + 1]!)
    );
    assertEquals(Array.from(withoutDuplicates(sorted, compare), (line) => lines[line]!), last);
    const keys = lines.map(key);
    const inOrder = (strict: boolean): boolean =>
      keys.every((k, i) =>
        i === 0 || sign * (keys[i - 1]! < k ? -1 : keys[i - 1]! > k ? 1 : 0) < (strict ? 0 : 1)
      );
    assertEquals([false, true].map((strict) => isSorted(lines.length, compare, { strict })), [
      inOrder(false),
      inOrder(true),
    ]);
  }
});
