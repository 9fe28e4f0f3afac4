/**
 * Other ways that were tried, and what each gave. Only what was measured stands here; the runs are
 * not those of the tables above.
 */
import type { Section } from "./row.ts";

type Trial = readonly [what: string, tried: string, before: string, after: string];

/** An empty first cell: as above. What was kept is in bold. */
const TRIALS: readonly Trial[] = [
  [
    "memory, 1000 services",
    "**pages of the program that only the start needs are given back (`madvise`)**",
    "68 MB",
    "26 MB",
  ],
  ["", "V8's `--lite-mode` instead", "68 MB", "51 MB"],
  [
    "start of 1000 services, our own processor time",
    "**short ASCII names encoded without the runtime; a directory entered once and not twice**",
    "1.34 s",
    "0.92 s",
  ],
  [
    "start of 1000 services",
    "`posix_spawn` on other threads: the soft limit of descriptors can't be changed around it safely",
    "",
    "10 to 40 % less",
  ],
  ["death to running again", "**timers that are due now run as microtasks**", "", "1 ms less"],
  ["", "**a death is appended to the tally as bytes** (a tally of 100 deaths)", "", "0.3 ms less"],
  [
    "the same, after a rest",
    "**`--no-memory-reducer`: V8 collected garbage when it was woken**",
    "13 ms",
    "2.06 ms",
  ],
  ["", "`--no-lazy-feedback-allocation`", "", "2.35 ms"],
  ["", "`--always-sparkplug`", "", "4.8 ms"],
  [
    "growth",
    "**`--max-semi-space-size=1`**",
    "28 MB over 20,000 restarts",
    "3 to 4 MB over 100,000, level from 25,000 on",
  ],
];

export function trials(): Section {
  return {
    title: "What was tried",
    method: [
      "Single runs, while it was decided how hexad works, some on a machine that had other work: before and after are of one machine and one day, " +
      "and are not to be held against the tables above. In bold what was kept.",
    ],
    tables: [{ head: ["what", "tried", "before", "after"], rows: TRIALS }],
    bars: [],
  };
}
