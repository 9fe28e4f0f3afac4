/** Row 10: from the CMD's last action to the end of its container, through /init. */
import { milliseconds, plain } from "../figures.ts";
import type { Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { layContainer, LEAST_INIT, OVERLAY_INIT, timeContainer } from "../timed_container.ts";

const BAR_MS = 100;

/** Longer than what /init still does after the boot, a second later, when it gives memory back. */
const LIFE_MS = 1500;

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 3 : 20;
  const place = await layContainer(bench.programs);
  const subjects = [
    { title: "hexad's /init", init: OVERLAY_INIT, cmdLifeMs: LIFE_MS, samples: [] as number[] },
    {
      title: "hexad's /init, a CMD that is over at once",
      init: OVERLAY_INIT,
      cmdLifeMs: 0,
      samples: [] as number[],
    },
    {
      title: "a C program that only waits for the CMD",
      init: LEAST_INIT,
      cmdLifeMs: LIFE_MS,
      samples: [] as number[],
    },
  ];
  bench.say(`end: ${rounds} containers each`);
  // into the page cache
  for (const { init } of subjects) await timeContainer(place, { init, cmdLifeMs: 0 });
  for (let round = 0; round < rounds; round++) {
    for (const { samples, ...container } of rotated(subjects, round)) {
      samples.push((await timeContainer(place, container)).endMs);
    }
  }
  const ours = subjects[0]!.samples;
  const median = summarize(ours);
  return {
    title: "The CMD's end to the container's",
    method: [
      `The same containers; the CMD lives ${LIFE_MS} ms and exits 0, and nothing else runs. ${rounds} of each kind, by turns. The time is from the ` +
      "CMD's last action until the container's first process has been waited for, the end of the CMD's own process and of the namespaces " +
      "included. All grace times are the default ones: /init ends when nothing is left, whatever they are.",
    ],
    tables: [{
      head: ["first process", "CMD's end to the container's", "/init to it"],
      rows: subjects.map((
        { title, samples },
      ) => [title, milliseconds(summarize(samples)), plain(pairedRatios(ours, samples))]),
    }],
    bars: [{
      what: "the CMD's end to the container's through `/init`",
      bar: `under ${BAR_MS} ms`,
      reached: milliseconds(median),
      met: median.median < BAR_MS,
    }],
  };
}

export const END: Row = { name: "end", measure };
