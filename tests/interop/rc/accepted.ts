/** Where hexad answers otherwise than s6-rc 0.7.0.0 on purpose: what it says there, and why. docs/differences.md has each. */
import type { Step } from "./transcript.ts";

export interface Accepted {
  readonly case: string;
  /** Which of several steps with the same head; the first, unless told. */
  readonly occurrence?: number;
  /** What hexad says instead. */
  readonly step: Step;
  readonly reason: string;
}

const CYCLE = "the whole cycle is told";

export const ACCEPTED: readonly Accepted[] = [
  cycle("$ s6-rc-compile db src", "a", "a -> a (dependencies.d/a)"),
  cycle("$ s6-rc-compile db2 src2", "b", "b -> a (dependencies.d/a) -> b (dependencies.d/b)"),
  cycle("$ s6-rc-compile db3 src3", "c", "c -> a (dependencies.d/a) -> c (dependencies.d/all)"),
  { ...cycle("$ s6-rc-compile db8 src8", "b", "b -> a (producer-for) -> b (producer-for)"), case: "16-pipeline-errors" },
  {
    case: "20-db",
    occurrence: 1,
    step: {
      head: "$ s6-rc-db -c db list all",
      lines: ["mnt", "lone", "web-log", "web", "s6rc-fdholder", "s6rc-oneshot-runner", "web-pipe", "all"].map((name) => `1| ${name}`),
      code: "rc=0",
    },
    reason: "the compiled form is hexad's own; a file n that somebody puts there means nothing",
  },
];

function cycle(head: string, name: string, path: string): Accepted {
  const text = `2| s6-rc-compile: fatal: cyclic service dependency reached from ${name} and involving ${name}: ${path}`;
  return { case: "08-dependency-cycles", step: { head, lines: [text], code: "rc=1" }, reason: CYCLE };
}

/** The expected steps of a case, with what hexad says on purpose in their places. */
export function withAccepted(name: string, expected: readonly Step[]): Step[] {
  const steps = [...expected];
  for (const { step, occurrence = 0 } of ACCEPTED.filter((each) => each.case === name)) {
    const places = expected.flatMap(({ head }, at) => head === step.head ? [at] : []);
    const place = places[occurrence];
    if (place === undefined) throw new Error(`${name} has no step ${step.head}`);
    steps[place] = step;
  }
  return steps;
}
