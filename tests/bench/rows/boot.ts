/**
 * Row 9: from the start of a container's first process to the CMD's first action, through /init.
 */
import { emptyProgram } from "../compiled_program.ts";
import { milliseconds, plain } from "../figures.ts";
import type { Bar, Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import {
  type ContainerTimes,
  layContainer,
  layServices,
  LEAST_INIT,
  OVERLAY_INIT,
  timeContainer,
  type TimedContainer,
} from "../timed_container.ts";

/** Of what an empty program on the same base takes, with so many services. */
const BAR_RATIO = 1.6;
const SERVICES = [0, 3, 10];

interface Subject {
  readonly title: string;
  readonly container: TimedContainer;
  readonly time: (times: ContainerTimes) => number;
  readonly samples: number[];
}

function barOf({ title, samples }: Subject, yardstick: Subject): Bar {
  const ratio = pairedRatios(samples, yardstick.samples);
  return {
    what: `a container's start to its CMD through ${title}`,
    bar: `at most ${BAR_RATIO} of an empty program on the same base`,
    reached: plain(ratio),
    met: ratio.median <= BAR_RATIO,
  };
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 5 : 40;
  const place = await layContainer(bench.programs);
  const empty = await emptyProgram(bench.programs, bench.say);
  const boot = ({ bootMs }: ContainerTimes): number => bootMs;
  const ours = SERVICES.map((services): Subject => ({
    title: `\`/init\`, ${services} services`,
    container: { init: OVERLAY_INIT, cmdLifeMs: 0, services: { services, loggers: false } },
    time: boot,
    samples: [],
  }));
  for (const { container } of ours) await layServices(place, container.services!);
  const others: readonly Subject[] = [
    {
      title: "an empty program on the same base, to its end",
      container: { init: [empty], machineRoot: true },
      time: ({ wholeMs }) => wholeMs,
      samples: [],
    },
    {
      title: "a C program that only starts the CMD",
      container: { init: LEAST_INIT, cmdLifeMs: 0 },
      time: boot,
      samples: [],
    },
  ];
  const subjects = [...ours, ...others];
  bench.say(`boot: ${rounds} containers each`);
  // into the page cache
  for (const { container } of subjects) await timeContainer(place, container);
  for (let round = 0; round < rounds; round++) {
    for (const { container, time, samples } of rotated(subjects, round)) {
      samples.push(time(await timeContainer(place, container)));
    }
  }
  const yardstick = others[0]!;
  return {
    title: "A container's start to its CMD",
    method: [
      "The container has namespaces of its own for processes, mounts, host name and IPC, a root directory that holds the overlay's tarball, and a " +
      `tmpfs on /run. No script; the services have no logger, and they and the CMD are small static programs. ${rounds} containers of each kind, by turns. The time is from the ` +
      "moment before the first process is executed to the CMD's first action, both read from the clock that all processes share.",
      "Under podman, s6-overlay 3.2.3.2 takes 104 to 135 ms with 0 to 10 services, and /init takes about as long.",
    ],
    tables: [{
      head: ["first process", "start to the CMD", "to the empty program"],
      rows: subjects.map((
        { title, samples },
      ) => [
        title,
        milliseconds(summarize(samples)),
        plain(pairedRatios(samples, yardstick.samples)),
      ]),
    }],
    bars: ours.map((subject) => barOf(subject, yardstick)),
  };
}

export const BOOT: Row = { name: "boot", measure };
