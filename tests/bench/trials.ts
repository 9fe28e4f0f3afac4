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
    "system calls from a death to the next start, from the second death on",
    "**names of the service directory and silence of `event` known by ctime, if that is older than 3 s**",
    "33",
    "27",
  ],
  [
    "the same, where the time goes (1.27 ms, load 12)",
    "`posix_spawn` until the program runs 0.37; tally 0.18; events 0.11; names of the directory 0.10; look for OOM 0.09; status 0.08",
    "",
    "",
  ],
  [
    "`s6-svok`, CPU (an empty program: 34.1, with V8's threads off 32.0)",
    "**a file of its own with copies of all that it needs; V8 without threads**",
    "41.6 ms",
    "34.2 ms",
  ],
  ["`s6-svstat`, CPU", "**the same**", "44.2 ms", "37.8 ms"],
  [
    "`s6-setuidgid root /bin/true`, CPU",
    "**what chains need is with what finds the commands: 14 files instead of 31; V8 without threads**",
    "57.8 ms",
    "47.1 ms",
  ],
  ["`execlineb -c exit`, CPU", "**the same: 8 files instead of 26**", "50.6 ms", "41.8 ms"],
  [
    "an empty program, CPU",
    "1.2 MB of code that it never loads: the runtime reads it whole, and copies it once",
    "29.7 ms",
    "30.0 ms, 390 page faults more",
  ],
  [
    "s6-log, 400 MB of plain lines; with `T`: user and system time",
    "**V8 without threads**",
    "0.50 to 0.57 s; 1.11 to 1.33 s",
    "0.49 s; 1.38 s",
  ],
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
      "and are not to be held against the tables above. In bold what was kept. The CPU of commands is user and system time, the least of 60 runs " +
      "by turns on two cores with a load of 12: by the medians, which are a quarter higher, they need 11 to 18 % less.",
    ],
    tables: [{ head: ["what", "tried", "before", "after"], rows: TRIALS }],
    bars: [],
  };
}
