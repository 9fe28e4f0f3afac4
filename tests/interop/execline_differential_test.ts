/**
 * The same chains with Debian's execline and with ours: what a program at their end sees, what is
 * written, how they end.
 *
 * Debian's is 2.9.3, ours as 2.9.9; what differs for that or another reason is written down in
 * execline/differences.ts.
 */
import { assertEquals } from "@std/assert";
import { OURS, requireToolset } from "../fixture/toolset.ts";
import { CASES } from "./execline/cases.ts";
import { DIFFERENCES, ONLY_OURS } from "./execline/differences.ts";
import { without } from "./execline/lines.ts";
import { buildProbe, OUR_SIDE, outcomeOf, THEIR_SIDE } from "./execline/outcome.ts";

Deno.test("a chain of ours is what the same chain is with C's execline", async (t) => {
  requireToolset(OURS);
  const directory = Deno.makeTempDirSync();
  try {
    const probe = await buildProbe(directory);
    for (const one of CASES) {
      await t.step(one.title, async () => {
        const outcome = await outcomeOf(one, OUR_SIDE, probe);
        const known = ONLY_OURS[one.title];
        if (known !== undefined) return void without(outcome, known);
        const { ours, theirs } = DIFFERENCES[one.title] ?? {};
        assertEquals(
          without(outcome, ours),
          without(await outcomeOf(one, THEIR_SIDE, probe), theirs),
        );
      });
    }
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
});
