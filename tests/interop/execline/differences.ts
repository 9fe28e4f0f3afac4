/** Where ours and Debian's execline differ, by the case's title, and why. */
import type { Difference } from "./chain_case.ts";

const PROBE_RAN = [
  "fd 0 flags 0 -> pipe1",
  "fd 1 flags 1 -> pipe2",
  "fd 2 flags 1 -> pipe3",
];

/** Debian's is 2.9.3, ours as 2.9.9. */
const NEWER: Readonly<Record<string, Difference>> = {
  // since 2.9.5 $? tells how the block has ended, where the chain can go on
  "backtick -I: failing": { ours: ["env ?=3"] },
  "backtick -x: failing": { ours: ["env ?=3"] },
  "backtick -D: failing": { ours: ["env ?=3"] },
  "backtick -I: a NUL": { ours: ["env ?=0"] },
  "backtick -x: a NUL": { ours: ["env ?=0"] },
  "backtick -D: a NUL": { ours: ["env ?=0"] },
  "backtick: no program": { ours: ["exit 100", "stderr backtick: fatal:"], theirs: ["exit 0"] },
  "emptyenv -c": { ours: ["env FDx=z"] },
  "pipeline: empty": { ours: ["exit 100", "stderr pipeline: fatal:"], theirs: ["exit 0"] },
  "runblock: an empty block": { ours: ["exit 0"], theirs: ["exit SIGSEGV"] },
};

/** Links that are made of others in C complain by those names. */
const OTHER_NAMES: Readonly<Record<string, Difference>> = {
  "forx -E: program not there": {
    ours: ["stderr forx: warning:", "stderr forx: warning:"],
    theirs: ["stderr importas: fatal:", "stderr importas: fatal:"],
  },
  "forbacktickx: program not there": {
    ours: ["stderr forbacktickx: fatal:"],
    theirs: ["stderr pipeline: fatal:"],
  },
  "forbacktickx: body not there": {
    ours: ["stderr forbacktickx: warning:"],
    theirs: ["stderr fdmove: fatal:"],
  },
};

/** What 2.9.3 can't do: ours alone is looked at. */
export const ONLY_OURS: Readonly<Record<string, readonly string[]>> = {
  "emptyenv --keep-path": [
    "exit 0",
    ...PROBE_RAN,
    "arg probe",
    "env PATH=ROOT/links:ROOT/probe-bin:/usr/bin:/bin",
  ],
  // C's fdmove did not look whether the descriptor was open
  "fdmove: to itself, closed": ["exit 111", "stderr fdmove: fatal:"],
};

export const DIFFERENCES: Readonly<Record<string, Difference>> = { ...NEWER, ...OTHER_NAMES };
