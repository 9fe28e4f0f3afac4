import { assertEquals, assertThrows } from "@std/assert";
import { judge, type Quantity, robustSlope, type Sample } from "../../soak/growth.ts";

const MEMORY = 30e6;

/** A run of so many seconds, in which `change` says what differs at a moment. */
function run(
  seconds: number,
  change: (atSeconds: number) => Partial<Sample> = () => ({}),
): Sample[] {
  return Array.from({ length: seconds }, (_, atSeconds) => ({
    atSeconds,
    pssBytes: MEMORY,
    ownBytes: MEMORY,
    descriptors: 100,
    threads: 6,
    cpuShare: 0.05,
    ...change(atSeconds),
  }));
}

function growing(samples: readonly Sample[]): Quantity[] {
  return judge("it", samples).filter(({ grows }) => grows).map(({ quantity }) => quantity);
}

Deno.test("robustSlope(): the slope of a line, whatever one point says", () => {
  assertEquals(robustSlope([[0, 1], [1, 3], [2, 5], [3, 1000], [4, 9]]), 2);
  assertEquals([robustSlope([]), robustSlope([[0, 5]])], [0, 0]);
});

Deno.test("what stays does not grow", () => assertEquals(growing(run(120)), []));

Deno.test("the growth of the warm-up does not count", () => {
  assertEquals(
    growing(
      run(
        400,
        (at) => ({ ownBytes: MEMORY + 20e6 * Math.min(at, 90), descriptors: Math.min(at, 90) }),
      ),
    ),
    [],
  );
});

Deno.test("garbage that comes and goes is no growth", () => {
  assertEquals(growing(run(300, (at) => ({ ownBytes: MEMORY + 1e6 * (at % 9) }))), []);
});

Deno.test("one event is no growth", () => {
  assertEquals(
    growing(
      run(
        300,
        (at) => at > 280 ? { ownBytes: 2 * MEMORY, descriptors: 300, threads: 9, cpuShare: 1 } : {},
      ),
    ),
    [],
  );
});

const LEAKS: readonly (readonly [
  what: string,
  change: (at: number) => Partial<Sample>,
  quantities: readonly Quantity[],
])[] = [
  [
    "memory, 50 kB a second under garbage",
    (at) => ({ ownBytes: MEMORY + 50e3 * at + 1e6 * (at % 9) }),
    ["ownBytes"],
  ],
  ["memory, 10 kB a second", (at) => ({ ownBytes: MEMORY + 10e3 * at }), []],
  ["a descriptor a minute", (at) => ({ descriptors: 100 + Math.floor(at / 60) }), [
    "descriptors",
  ]],
  ["two threads a minute", (at) => ({ threads: 6 + Math.floor(at / 30) }), ["threads"]],
  ["a thread that comes and stays", (at) => ({ threads: at < 180 ? 6 : 7 }), []],
  ["processor time that triples", (at) => ({ cpuShare: 0.05 + 0.1 * at / 300 }), ["cpuShare"]],
  ["processor time that shrinks", (at) => ({ cpuShare: 0.5 - 0.4 * at / 300 }), []],
];

for (const [what, change, quantities] of LEAKS) {
  Deno.test(`300 seconds of ${what}: ${quantities.join(", ") || "within the limits"}`, () =>
    assertEquals(growing(run(300, change)), quantities));
}

Deno.test("the growth is told for the time observed", () => {
  const verdicts = judge("it", run(300, (at) => ({ ownBytes: MEMORY + 100e3 * at })));
  const memory = verdicts.find(({ quantity }) => quantity === "ownBytes")!;
  assertEquals(
    [memory.growth, memory.grows].map((value) =>
      typeof value === "number" ? Math.round(value / 1e5) : value
    ),
    [224, true],
  );
});

Deno.test("a run that is too short tells nothing", () => {
  assertThrows(() => judge("it", run(39)), RangeError, "too few");
  assertThrows(() => judge("it", []), RangeError, "too few");
});
