/**
 * Row 15: /init to the CMD where the services are definitions for s6-rc, the memory of many of
 * them, and what s6-rc costs as a client.
 */
import { runBatch } from "../command_loop.ts";
import { emptyProgram } from "../compiled_program.ts";
import { megabytes, milliseconds, plain } from "../figures.ts";
import {
  ARCHETYPE,
  CHAIN,
  CHAIN_LENGTH,
  layDefinitions,
  MANY,
  MANY_COUNT,
  MANY_PLAIN,
} from "../laid_definitions.ts";
import type { Bar, Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { makeDirectoryWithFifo } from "../scratch.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { serviceName, SupervisedTree } from "../supervised_tree.ts";
import {
  type ContainerPlace,
  containerPss,
  layContainer,
  OVERLAY_INIT,
  timeContainer,
} from "../timed_container.ts";

/** An empty program takes 33 ms where these bars were set. */
const EMPTY_MS = 33;
const BARS_MS: Readonly<Record<string, number>> = {
  [ARCHETYPE]: 210,
  [CHAIN]: 300,
  [MANY]: 1350,
};
const MEMORY_BAR = 1.1;
const LIST_BAR = 1.25;

const TITLES: Readonly<Record<string, string>> = {
  [ARCHETYPE]: "20 oneshots, 14 of them scripts of bash with `with-contenv`, and 3 services",
  [CHAIN]: `${CHAIN_LENGTH} oneshots in a chain`,
  [MANY]: `${MANY_COUNT} longruns`,
  [MANY_PLAIN]: `the same ${MANY_COUNT} in services.d`,
};

interface Times {
  readonly profiles: ReadonlyMap<string, number[]>;
  readonly empty: readonly number[];
}

async function timeBoots(bench: Bench, place: ContainerPlace, rounds: number): Promise<Times> {
  const empty = await emptyProgram(bench.programs, bench.say);
  const emptySamples: number[] = [];
  const profiles = new Map(Object.keys(TITLES).map((name) => [name, [] as number[]]));
  const timeEmpty = async (): Promise<number> =>
    (await timeContainer(place, { init: [empty], machineRoot: true })).wholeMs;
  const timeProfile = async (profile: string): Promise<number> =>
    (await timeContainer(place, { init: OVERLAY_INIT, cmdLifeMs: 0, profile })).bootMs;
  bench.say(`definitions: ${rounds} containers each`);
  await timeEmpty(); // into the page cache
  for (const name of profiles.keys()) await timeProfile(name);
  for (let round = 0; round < rounds; round++) {
    emptySamples.push(await timeEmpty());
    for (const [name, samples] of rotated([...profiles], round)) {
      samples.push(await timeProfile(name));
    }
  }
  return { profiles, empty: emptySamples };
}

interface Lists {
  readonly list: number[];
  readonly svok: number[];
}

/** `s6-rc list` beside `s6-svok`, both about a running hexad. */
async function timeLists(bench: Bench, rounds: number): Promise<Lists> {
  const hexad = bench.peers.find(({ name }) => name === "hexad");
  if (hexad === undefined) throw new Error("the row 'definitions' needs hexad");
  await using tree = await SupervisedTree.start(hexad, bench.scratch, { services: 1 });
  const { base } = makeDirectoryWithFifo(bench.scratch, "definitions");
  await Deno.mkdir(`${base}/source/one`, { recursive: true });
  await Deno.writeTextFile(`${base}/source/one/type`, "oneshot\n");
  await Deno.writeTextFile(`${base}/source/one/up`, "");
  const program = (name: string): string => `${bench.programs}/${name}`;
  await runBatch([program("s6-rc-compile"), `${base}/compiled`, `${base}/source`], 1);
  const live = `${base}/live`;
  await runBatch(
    [program("s6-rc-init"), "-c", `${base}/compiled`, "-l", live, tree.directory],
    1,
  );
  const subjects = [
    { words: [program("s6-rc"), "-l", live, "-a", "list"], samples: [] as number[] },
    {
      words: [program("s6-svok"), `${tree.directory}/${serviceName(0)}`],
      samples: [] as number[],
    },
  ];
  for (let round = 0; round < rounds; round++) {
    for (const { words, samples } of rotated(subjects, round)) {
      samples.push(await runBatch(words, 10));
    }
  }
  return { list: subjects[0]!.samples, svok: subjects[1]!.samples };
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 5 : 20;
  const place = await layContainer(bench.programs);
  await layDefinitions(place);
  const { profiles, empty } = await timeBoots(bench, place, rounds);
  const memory = new Map([MANY, MANY_PLAIN].map((name) => [name, [] as number[]]));
  for (let round = 0; round < (bench.quick ? 1 : 5); round++) {
    for (const [name, samples] of rotated([...memory], round)) {
      samples.push(await containerPss(place, name));
    }
  }
  const { list, svok } = await timeLists(bench, rounds);
  const listRatio = pairedRatios(list, svok);
  const memoryRatio = pairedRatios(memory.get(MANY)!, memory.get(MANY_PLAIN)!);
  const boots = Object.entries(BARS_MS).map(([name, ms]): Bar => {
    const ratio = pairedRatios(profiles.get(name)!, empty);
    return {
      what: `a container's start to its CMD, ${TITLES[name]}`,
      bar: `under ${ms} ms where an empty program takes ${EMPTY_MS}: ${
        plain(summarize([ms / EMPTY_MS]))
      } of it`,
      reached: plain(ratio),
      met: ratio.median < ms / EMPTY_MS,
    };
  });
  return {
    title: "Definitions for s6-rc",
    method: [
      `The containers are those of the row before, with definitions that \`/init\` boots from their sources; ${rounds} of each kind, by turns. ` +
      "The original takes 350 ms for the first set and 2.7 s for 300 longruns. Memory is that of /init, by its share of pages, some seconds after the start.",
    ],
    tables: [
      {
        head: ["definitions", "start to the CMD", "to the empty program"],
        rows: [
          ...[...profiles].map(([name, samples]) => [
            TITLES[name]!,
            milliseconds(summarize(samples)),
            plain(pairedRatios(samples, empty)),
          ]),
          ["an empty program, to its end", milliseconds(summarize(empty)), ""],
        ],
      },
      {
        head: [`${MANY_COUNT} services`, "memory"],
        rows: [...memory].map((
          [name, samples],
        ) => [TITLES[name]!, megabytes(summarize(samples))]),
      },
      {
        head: ["command", "one run"],
        rows: [
          ["`s6-rc -a list`", milliseconds(summarize(list))],
          ["`s6-svok`", milliseconds(summarize(svok))],
        ],
      },
    ],
    bars: [
      ...boots,
      {
        what: `memory of ${MANY_COUNT} longruns`,
        bar: `at most ${MEMORY_BAR} of the same in services.d`,
        reached: plain(memoryRatio),
        met: memoryRatio.median <= MEMORY_BAR,
      },
      {
        what: "`s6-rc -a list`",
        bar: `at most ${LIST_BAR} of s6-svok`,
        reached: plain(listRatio),
        met: listRatio.median <= LIST_BAR,
      },
    ],
  };
}

export const DEFINITIONS: Row = { name: "definitions", measure };
