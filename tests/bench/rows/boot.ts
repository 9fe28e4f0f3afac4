/** Row 9: from the start of a container's first process to the CMD's first action, through /init. */
import { emptyProgram } from "../compiled_program.ts";
import { milliseconds, plain } from "../figures.ts";
import type { Bar, Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize, type Summary } from "../statistics.ts";
import { type ContainerTimes, layContainer, LEAST_INIT, OVERLAY_INIT, timeContainer, type TimedContainer } from "../timed_container.ts";

/** 0.6 of what s6-overlay 3.2.3.2 takes on a machine on which an empty program on the same base takes 19 ms. */
const BAR_MS = 95;
const BAR_RATIO = BAR_MS / 19;

interface Subject {
  readonly title: string;
  readonly container: TimedContainer;
  readonly time: (times: ContainerTimes) => number;
  readonly samples: number[];
}

function barsOf(ours: Summary, toEmpty: Summary): Bar[] {
  return [{
    what: "a container's start to its CMD through `/init`",
    bar: `under ${BAR_MS} ms`,
    reached: milliseconds(ours),
    met: ours.median < BAR_MS,
  }, {
    what: "the same, whatever the machine's speed",
    bar: `under ${plain(summarize([BAR_RATIO]))} of an empty program on the same base`,
    reached: plain(toEmpty),
    met: toEmpty.median < BAR_RATIO,
  }];
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 5 : 40;
  const place = await layContainer(bench.programs);
  const empty = await emptyProgram(bench.programs, bench.say);
  const boot = ({ bootMs }: ContainerTimes): number => bootMs;
  const subjects: readonly Subject[] = [
    { title: "hexad's /init", container: { init: OVERLAY_INIT, cmdLifeMs: 0 }, time: boot, samples: [] },
    {
      title: "an empty program on the same base, to its end",
      container: { init: [empty], machineRoot: true },
      time: ({ wholeMs }) => wholeMs,
      samples: [],
    },
    { title: "a C program that only starts the CMD", container: { init: LEAST_INIT, cmdLifeMs: 0 }, time: boot, samples: [] },
  ];
  bench.say(`boot: ${rounds} containers each`);
  for (const { container } of subjects) await timeContainer(place, container); // into the page cache
  for (let round = 0; round < rounds; round++) {
    for (const { container, time, samples } of rotated(subjects, round)) samples.push(time(await timeContainer(place, container)));
  }
  const [ours, yardstick] = [subjects[0]!.samples, subjects[1]!.samples];
  return {
    title: "A container's start to its CMD",
    method: [
      "The container has namespaces of its own for processes, mounts, host name and IPC, a root directory that holds the overlay's tarball, and a " +
      `tmpfs on /run. No service, no script; the CMD is a small static program. ${rounds} containers of each kind, by turns. The time is from the ` +
      "moment before the first process is executed to the CMD's first action, both read from the clock that all processes share.",
      "The bar is 0.6 of what s6-overlay 3.2.3.2 takes: 155 ms on a machine where the empty program takes 19 ms.",
    ],
    tables: [{
      head: ["first process", "start to the CMD", "/init to it"],
      rows: subjects.map(({ title, samples }) => [title, milliseconds(summarize(samples)), plain(pairedRatios(ours, samples))]),
    }],
    bars: barsOf(summarize(ours), pairedRatios(ours, yardstick)),
  };
}

export const BOOT: Row = { name: "boot", measure };
