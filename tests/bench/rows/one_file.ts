/** Row: the services of one services.yaml, from the start of `hexad up` until all run. */
import { milliseconds, plain } from "../figures.ts";
import type { Peer } from "../peer.ts";
import { type Bench, rotated, type Row, type Section } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { SupervisedTree } from "../supervised_tree.ts";

const SERVICES = 100;
const ROUNDS = 15;
const QUICK_ROUNDS = 5;
/** Of what as many service directories take. */
const BAR_RATIO = 1.1;

/** `hexad up`, in the place of a suite. */
function oneFile({ programs }: Bench): Peer {
  const file = (directory: string): string => `${directory}/services.yaml`;
  return {
    name: "hexad-up",
    title: "hexad up",
    lay: (directory, services) => {
      const entries = services.map(({ name, run }) => {
        Deno.writeTextFileSync(`${directory}/${name}`, run, { mode: 0o755 });
        return `  ${name}: { command: ${directory}/${name} }\n`;
      });
      Deno.writeTextFileSync(file(directory), `services:\n${entries.join("")}`);
    },
    // its scan directory is removed with the others, though nothing is left of it that could do that
    command: (directory) => [
      "/usr/bin/env",
      `XDG_RUNTIME_DIR=${directory}`,
      `${programs}/hexad`,
      "up",
      "--file",
      file(directory),
    ],
    control: () => {
      throw new Error("it is only started here");
    },
  };
}

async function measure(bench: Bench): Promise<Section> {
  const directories = bench.peers.find(({ name }) => name === "hexad");
  if (directories === undefined) throw new Error("the row 'one-file' needs hexad");
  const others = bench.peers.filter(({ name }) => name === "supervisor");
  const rounds = bench.quick ? QUICK_ROUNDS : ROUNDS;
  const subjects = [
    { title: `\`hexad up\`, ${SERVICES} services in one file`, peer: oneFile(bench) },
    { title: `\`s6-svscan\`, ${SERVICES} service directories`, peer: directories },
    ...others.map((peer) => ({ title: `\`${peer.name}\`, ${SERVICES} programs`, peer })),
  ].map((subject) => ({ ...subject, samples: [] as number[] }));
  bench.say(`one-file: ${rounds} starts each`);
  for (let round = 0; round < rounds; round++) {
    for (const { peer, samples } of rotated(subjects, round)) {
      await using tree = await SupervisedTree.start(peer, bench.scratch, { services: SERVICES });
      samples.push(tree.upMs);
    }
  }
  const [ours, yardstick] = subjects;
  const ratio = pairedRatios(ours!.samples, yardstick!.samples);
  return {
    title: "Services of one file",
    method: [
      `${SERVICES} services in one \`services.yaml\`, from the start of \`hexad up\` until all have told that they run: the file is read, ` +
      `written as definitions, and these are supervised, with names before the lines. Beside it, as many service directories and programs. ${rounds} starts each, by turns.`,
    ],
    tables: [{
      head: ["what is started", "up after", "one file to it"],
      rows: subjects.map(({ title, samples }) => [
        title,
        milliseconds(summarize(samples)),
        plain(pairedRatios(ours!.samples, samples)),
      ]),
    }],
    bars: [{
      what: `${SERVICES} services of one file until all run`,
      bar: `at most ${BAR_RATIO} of ${SERVICES} service directories`,
      reached: plain(ratio),
      met: ratio.median <= BAR_RATIO,
    }],
  };
}

export const ONE_FILE: Row = { name: "one-file", measure };
