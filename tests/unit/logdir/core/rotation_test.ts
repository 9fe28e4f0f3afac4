import { assert, assertEquals } from "@std/assert";
import {
  type Archive,
  excessArchives,
  fillLength,
  fittingLength,
  isArchiveName,
  isFull,
  type LogdirFacts,
  type LogdirStep,
  startPlan,
} from "../../../../lib/logdir/core/rotation.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const PLAIN = { executable: false };
const DONE = { executable: true };

/** `unlink state`, `archive previous u`: a step in words. */
function words(step: LogdirStep): string {
  return [step.kind, step.name, ...(step.kind === "archive" ? [step.suffix] : [])].join(" ");
}

const UNFINISHED = [
  "unlink state",
  "unlink newstate",
  "unlink processed",
  "archive previous u",
  "archive current u",
  "truncate state",
];
const PROCESSED = [
  "unlink state",
  "unlink newstate",
  "unlink previous",
  "archive processed s",
  "archive current u",
  "truncate state",
];

const STARTS: readonly (readonly [string, LogdirFacts, readonly string[]])[] = [
  ["a current that was closed in good order", { current: DONE }, []],
  ["a current that was closed in good order, and leftovers that cannot be", {
    current: DONE,
    previous: DONE,
    processed: DONE,
  }, []],
  ["an empty directory", {}, UNFINISHED],
  ["a current that was not closed", { current: PLAIN }, UNFINISHED],
  ["a rotation that has not begun to store", { current: PLAIN, previous: PLAIN }, UNFINISHED],
  ["a previous that is on the disk", { current: PLAIN, previous: DONE }, UNFINISHED],
  ["a rotation without a new current", { previous: PLAIN }, UNFINISHED],
  [
    "a processor that was cut short",
    { current: PLAIN, previous: DONE, processed: PLAIN },
    UNFINISHED,
  ],
  [
    "a processed file that is complete",
    { current: PLAIN, previous: DONE, processed: DONE },
    PROCESSED,
  ],
  [
    "a processed file that is complete, and previous is gone",
    { current: PLAIN, processed: DONE },
    PROCESSED,
  ],
];

for (const [what, facts, plan] of STARTS) {
  Deno.test(`startPlan(): ${what}`, () => {
    assertEquals(startPlan(facts).map(words), plan);
  });
}

Deno.test("isFull(): from the size less the tolerance on", () => {
  const limit = { sizeBytes: 4096, toleranceBytes: 1000 };
  assertEquals([0, 3095, 3096, 3097, 4096, 9999].map((size) => isFull(size, limit)), [
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
});

const LIMIT = { sizeBytes: 10, toleranceBytes: 2 };

const FILLS: readonly (readonly [lines: string, size: number, expected: number])[] = [
  ["", 0, 0],
  ["abc\n", 0, 4],
  ["abc\nabc\n", 0, 8], // ends exactly where the file is full
  ["abc\nabc\nabc\n", 0, 8],
  ["abc\nabcd\nabc\n", 0, 9], // the first line end behind that place
  ["abcdefghijklmnop\nabc\n", 0, 17],
  ["abc\nabc\n", 3, 8],
  ["abc\nabc\n", 4, 4],
  ["abc\nabc\n", 5, 4],
  ["abc\nabc\n", 8, 4], // a file that is full takes one line: its caller rotates before
  ["abc\nabc\n", 100, 4],
  ["\n\n\n\n\n\n\n\n\n\n", 0, 8],
  ["\n\n\n", 7, 1],
];

for (const [lines, size, expected] of FILLS) {
  Deno.test(`fillLength(): ${JSON.stringify(lines)} into a file of ${size} bytes, full with 8`, () => {
    assertEquals(fillLength(new TextEncoder().encode(lines), size, LIMIT), expected);
  });
}

Deno.test("fillLength() and isFull(): 500 random streams are cut at line ends, each at the first one where the file is full", () => {
  const random = seededRandom(3);
  for (let run = 0; run < 500; run++) {
    const limit = { sizeBytes: 1 + random(50), toleranceBytes: random(20) };
    const lines = new TextEncoder().encode(
      Array.from({ length: 1 + random(30) }, () => `${"x".repeat(random(12))}\n`).join(""),
    );
    let size = 0;
    for (let at = 0; at < lines.length;) {
      const count = fillLength(lines.subarray(at), size, limit);
      assert(count > 0, "it gets on");
      const taken = lines.subarray(at, at + count);
      assertEquals(taken.at(-1), 10, "whole lines");
      const before = taken.subarray(0, -1).lastIndexOf(10) + 1;
      if (before > 0) assert(!isFull(size + before, limit), "not one line more than needed");
      at += count;
      size += count;
      if (isFull(size, limit)) size = 0;
      else assertEquals(at, lines.length, "nothing is left out of a file that is not full");
    }
  }
});

const NAMES: readonly (readonly [string, boolean])[] = [
  ["@400000006b0244490961df89.s", true],
  ["@400000006b0244490961df89.u", true],
  ["@400000006b0244490961df89.t", false],
  ["@400000006b0244490961df89", false],
  ["@400000006b0244490961df89.ss", false],
  ["@400000006b0244490961df8.s", false],
  ["@400000006b0244490961dfgg.s", false],
  ["400000006b0244490961df899.s", false],
  ["current", false],
  ["@400000006b0244490961df89.s\n", false],
];

for (const [name, expected] of NAMES) {
  Deno.test(`isArchiveName(): ${JSON.stringify(name)}`, () =>
    assertEquals(isArchiveName(name), expected));
}

/** Archives named in the order of their age. */
function archives(...sizes: readonly number[]): Archive[] {
  return sizes.map((size, index) => ({
    name: `@40000000${String(index).padStart(16, "0")}.s`,
    size,
  }));
}

const TRIMS: readonly (readonly [
  sizes: readonly number[],
  archivesMax: number,
  totalBytes: number,
  removed: number,
])[] = [
  [[], 10, 0, 0],
  [[1, 1, 1], 3, 0, 0],
  [[1, 1, 1, 1], 3, 0, 1],
  [[1, 1, 1, 1], 0, 0, 4],
  [[5, 5, 5], 10, 15, 0],
  [[5, 5, 5], 10, 14, 1],
  [[5, 5, 5], 10, 5, 2],
  [[5, 5, 5], 10, 4, 3],
  [[1, 100, 1], 10, 50, 2], // the oldest go first, whatever they come to
  [[5, 5, 5, 5], 3, 9, 3], // the stricter of the two
  [[5, 5, 5, 5], 1, 100, 3],
];

for (const [sizes, archivesMax, totalBytes, removed] of TRIMS) {
  Deno.test(`excessArchives(): of ${sizes.join(" ") || "none"} with n${archivesMax} S${totalBytes} the ${removed} oldest go`, () => {
    const all = archives(...sizes);
    assertEquals(
      excessArchives(all.toReversed(), { archivesMax, totalBytes }),
      all.slice(0, removed),
    );
  });
}

Deno.test("excessArchives(): .s and .u are of one age order", () => {
  const [first, second] = ["@400000000000000000000001.u", "@400000000000000000000002.s"].map((
    name,
  ) => ({ name, size: 1 }));
  assertEquals(excessArchives([second!, first!], { archivesMax: 1, totalBytes: 0 }), [first!]);
});

Deno.test("fittingLength(): whole lines only, and nothing if not even the first fits", () => {
  const lines = new TextEncoder().encode("ab\ncd\nef\n");
  assertEquals([Infinity, 9, 8, 6, 5, 3, 2, 0, -1].map((room) => fittingLength(lines, room)), [
    9,
    9,
    6,
    6,
    3,
    3,
    0,
    0,
    0,
  ]);
});
