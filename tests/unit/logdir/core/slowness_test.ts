import { assertEquals } from "@std/assert";
import { Slowness } from "../../../../lib/logdir/core/slowness.ts";

const CASES: readonly (readonly [times: readonly number[], told: readonly number[]])[] = [
  [[1, 2, 3], []],
  [[5000, 5000], []],
  [[100, 100, 100, 100, 100], [2]],
  [[100, 1, 1, 1, 100, 1, 1, 100, 100], [7]],
  [[100, ...Array(10).fill(1), 100, ...Array(10).fill(1), 100], []],
  [[99, 99, 99, 99, 99], []],
];

for (const [times, told] of CASES) {
  Deno.test(`${times.join(", ")} ms: ${told.length === 0 ? "never too much" : `too much at number ${told[0]}, and told once`}`, () => {
    const slowness = new Slowness();
    assertEquals(times.flatMap((ms, i) => slowness.isTooMuch(ms) ? [i] : []), told);
  });
}
