/**
 * Where hexad answers otherwise than s6-rc 0.7.0.0 on purpose: what it says there, and why.
 * docs/differences.md has each.
 */
import type { Step } from "./transcript.ts";

export interface Accepted {
  readonly case: string;
  /** What the step is called in C's transcript. */
  readonly head: string;
  /** Which of several steps with the same head; the first, unless told. */
  readonly occurrence?: number;
  /** What hexad says instead; undefined: the step does not come about. */
  readonly step: Step | undefined;
  readonly reason: string;
}

/** Lines that hexad says and C does not, wherever they come. */
export const EXTRA_LINES: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  {
    pattern: /^2\| s6-rc: warning: not started because of /,
    reason: "C does not name what a failure has kept from starting",
  },
];

const CYCLE = "the whole cycle is told";
const NO_PROCESS = "the two internal services are names without a process";
const OWN_FORM = "the compiled form is hexad's own: no wrappers, no fd holder, no n";
const NO_LOCK =
  "changes are goals and not locks: the newer one counts at once, and the older one ends";

export const ACCEPTED: readonly Accepted[] = [
  cycle("08-dependency-cycles", "$ s6-rc-compile db src", "a", "a -> a (dependencies.d/a)"),
  cycle(
    "08-dependency-cycles",
    "$ s6-rc-compile db2 src2",
    "b",
    "b -> a (dependencies.d/a) -> b (dependencies.d/b)",
  ),
  cycle(
    "08-dependency-cycles",
    "$ s6-rc-compile db3 src3",
    "c",
    "c -> a (dependencies.d/a) -> c (dependencies.d/all)",
  ),
  cycle(
    "16-pipeline-errors",
    "$ s6-rc-compile db8 src8",
    "b",
    "b -> a (producer-for) -> b (producer-for)",
  ),
  instead("61-compile-errors", "$ s6-rc-compile db27 s27", [
    "2| s6-rc-compile: fatal: cyclic bundle definition: resolution of a encountered a cycle involving a: a -> b (contents.d/b) -> a (contents.d/a)",
  ], { code: 1, reason: CYCLE }),
  cycle("61-compile-errors", "$ s6-rc-compile db42 s42", "a", "a -> a (producer-for)"),
  instead("14-up-as-shell", "$ s6-rc -l @W@/live change e", [
    "2| cd: fatal: unable to exec &&: No such file or directory",
    "2| s6-rc: warning: unable to start service e: command exited 127",
  ], { code: 1, reason: "a link of a chain is called as it was named" }),
  {
    ...instead("20-db", "$ s6-rc-db -c db list all", [
      ...[
        "1| mnt",
        "1| lone",
        "1| web-log",
        "1| web",
        "1| s6rc-fdholder",
        "1| s6rc-oneshot-runner",
        "1| web-pipe",
        "1| all",
      ],
    ], { code: 0, reason: OWN_FORM }),
    occurrence: 1,
  },
  instead("22-init", "$ s6-svstat scan/s6rc-oneshot-runner", [
    "2| s6-svstat: fatal: unable to read status for scan/s6rc-oneshot-runner: s6-supervise not running",
  ], { code: 1, reason: NO_PROCESS }),
  instead("22-init", "$ ls scan", ["1| w", "1| x-w"], { code: 0, reason: NO_PROCESS }),
  instead("34-pipeline", "$ cat db/servicedirs/p/run db/servicedirs/f/run db/servicedirs/l/run", [
    ...[
      "1| #!/bin/sh",
      "1| echo from p",
      "1| exec sleep 1000",
      "1| #!/bin/sh",
      "1| exec sed -u s/from/FROM/",
    ],
    ...["1| #!/bin/sh", "1| echo >&3", "1| exec 3>&-", "1| exec cat >> $W/log"],
  ], { code: 0, reason: OWN_FORM }),
  instead("34-pipeline", "$ ls db/servicedirs/p", ["1| run"], { code: 0, reason: OWN_FORM }),
  instead("34-pipeline", "$ cat db/servicedirs/s6rc-fdholder/data/autofilled", [
    "2| cat: db/servicedirs/s6rc-fdholder/data/autofilled: No such file or directory",
  ], { code: 1, reason: OWN_FORM }),
  {
    case: "42-oneshot-world",
    head: "# session = pid of s6rc-oneshot-runner's process",
    step: undefined,
    reason: NO_PROCESS,
  },
  instead("42-oneshot-world", "$ s6-rc -l @W@/live change see", [
    "1| @W@/live:s6-rc-init:@/servicedirs/s6rc-oneshot-runner",
    "1| 0027",
    "1| RC_NAME=see",
    "1| MARK=svscan",
    "1| /dev/null",
    "1| 0 1 2 3 ",
    "2| to stderr",
  ], { code: 0, reason: "descriptor 251 was open where the transcript was made" }),
  instead("42-oneshot-world", "$ s6-svstat -o up,ready live/servicedirs/s6rc-oneshot-runner", [
    "2| s6-svstat: fatal: unable to read status for live/servicedirs/s6rc-oneshot-runner: s6-supervise not running",
  ], { code: 1, reason: NO_PROCESS }),
  // the exit code of a change that is no step of its own stands behind the step before it
  instead("50-forty-oneshots", "$ s6-rc-compile db src", [], {
    code: 0,
    reason: "oneshots have no limit of forty",
  }),
  instead(
    "50-forty-oneshots",
    "$ sh -c sed -E 's/service o[0-9]+/service X/' e | sort | uniq -c",
    [],
    { code: 0, reason: "the same" },
  ),
  instead("50-forty-oneshots", "$ sh -c s6-rc -l @W@/live -a list | grep -c ^o", ["1| 45"], {
    code: 0,
    reason: "the same",
  }),
  instead("52-stop-while-starting", "$ s6-rc -l @W@/live -d change never", [], {
    code: 0,
    reason: NO_LOCK,
  }),
  {
    case: "52-stop-while-starting",
    head: "# the change still waits",
    step: undefined,
    reason: NO_LOCK,
  },
  instead("52-stop-while-starting", "$ cat e", [
    "1| s6-rc: info: service never: starting",
    "1| s6-rc: warning: not started because of a newer change: never",
  ], { code: 0, reason: NO_LOCK }),
];

interface Told {
  readonly code: number;
  readonly reason: string;
}

function instead(
  name: string,
  head: string,
  lines: readonly string[],
  { code, reason }: Told,
): Accepted {
  return { case: name, head, step: { head, lines, code: `rc=${code}` }, reason };
}

function cycle(name: string, head: string, service: string, path: string): Accepted {
  const text =
    `2| s6-rc-compile: fatal: cyclic service dependency reached from ${service} and involving ${service}: ${path}`;
  return instead(name, head, [text], { code: 1, reason: CYCLE });
}

/** The expected steps of a case, with what hexad says on purpose in their places. */
export function withAccepted(name: string, expected: readonly Step[]): Step[] {
  const steps: (Step | undefined)[] = [...expected];
  for (const { head, step, occurrence = 0 } of ACCEPTED.filter((each) => each.case === name)) {
    const places = expected.flatMap((each, at) => each.head === head ? [at] : []);
    const place = places[occurrence];
    if (place === undefined) throw new Error(`${name} has no step ${head}`);
    steps[place] = step;
  }
  return steps.filter((step) => step !== undefined);
}

/** What was printed, without the lines that hexad alone says. */
export function withoutExtraLines(steps: readonly Step[]): Step[] {
  return steps.map((step) => ({
    ...step,
    lines: step.lines.filter((line) => !EXTRA_LINES.some(({ pattern }) => pattern.test(line))),
  }));
}
