/**
 * Row 4: what a client command costs, against an empty program on the same base runtime and against
 * C's.
 */
import { runBatch } from "../command_loop.ts";
import { emptyProgram } from "../compiled_program.ts";
import { middle, milliseconds, plain } from "../figures.ts";
import type { Bar, Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { serviceName, SupervisedTree } from "../supervised_tree.ts";

const CLIENT_BAR = 1.25;

interface Subject {
  readonly title: string;
  readonly words: readonly string[];
  readonly samples: number[];
}

function barsOf(ours: readonly number[], empty: readonly number[]): Bar[] {
  const against = pairedRatios(ours, empty);
  return [{
    what: "a client command (`s6-svok`)",
    bar: `at most ${CLIENT_BAR} of an empty program on the same base`,
    reached: plain(against),
    met: against.median <= CLIENT_BAR,
  }];
}

async function measure(bench: Bench): Promise<Section> {
  const hexad = bench.peers.find(({ name }) => name === "hexad");
  if (hexad === undefined) throw new Error("the row 'client' needs hexad");
  const rounds = bench.quick ? 5 : 30;
  const times = 10;
  const empty = await emptyProgram(bench.programs, bench.say);
  await using tree = await SupervisedTree.start(hexad, bench.scratch, { services: 1 });
  const service = `${tree.directory}/${serviceName(0)}`;
  const subjects: readonly Subject[] = [
    { title: "hexad's s6-svok", words: [`${bench.programs}/s6-svok`, service], samples: [] },
    { title: "an empty program on the same base", words: [empty], samples: [] },
    { title: "C's s6-svok", words: ["/usr/bin/s6-svok", service], samples: [] },
    { title: "/bin/true", words: ["/bin/true"], samples: [] },
  ];
  bench.say(`client: ${rounds} rounds of ${times} runs`);
  for (const { words } of subjects) await runBatch(words, 2); // into the page cache
  for (let round = 0; round < rounds; round++) {
    for (const { words, samples } of rotated(subjects, round)) {
      samples.push(await runBatch(words, times));
    }
  }
  const first = subjects[0]!;
  return {
    title: "A client command",
    method: [
      `One round runs each command ${times} times from one shell loop; the figures are for one run, over ${rounds} rounds. The empty program is ` +
      "an empty script, compiled as hexad is. All commands ask about the same service of a running hexad.",
    ],
    tables: [{
      head: ["command", "one run", "s6-svok of hexad to it"],
      rows: subjects.map((
        { title, samples },
      ) => [title, milliseconds(summarize(samples)), plain(pairedRatios(first.samples, samples))]),
    }],
    bars: barsOf(first.samples, subjects[1]!.samples),
    highlights: [{
      what: "a client command",
      figures: {
        hexad: milliseconds(middle(summarize(first.samples))),
        s6: milliseconds(middle(summarize(subjects[2]!.samples))),
      },
    }],
  };
}

export const CLIENT: Row = { name: "client", measure };
