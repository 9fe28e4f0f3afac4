/** Which runs of the unit tier a path names: the pure rooms, the rest, or both. */
import { assertEquals } from "@std/assert";
import { chosenRuns } from "../../../tools/test/chosen_runs.ts";
import { TIERS } from "../../../tools/test/tiers.ts";

const CASES: readonly (readonly [what: string, path: string, runs: readonly string[][]])[] = [
  ["a directory with only core/", "tests/unit/foreground", [["tests/unit/foreground/core"]]],
  ["with a slash at its end", "tests/unit/foreground/", [["tests/unit/foreground/core"]]],
  ["core/ itself", "tests/unit/foreground/core", [["tests/unit/foreground/core"]]],
  [
    "a directory with more than core/",
    "tests/unit/logdir",
    [["tests/unit/logdir/core"], ["tests/unit/logdir"]],
  ],
  ["one without core/", "tests/unit/tools", [["tests/unit/tools"]]],
  ["one of another tier", "tests/interop/hexad", []],
];

for (const [what, path, expected] of CASES) {
  Deno.test(`chosenRuns() of the unit tier: ${what}`, () => {
    assertEquals(chosenRuns(TIERS.unit.runs, [path]).map(({ paths }) => [...paths]), expected);
  });
}
