/**
 * Row 3a: from the order to start a service to its program's first instruction, for a `run` that is
 * the program, and for one that is a chain of execline.
 */
import { run } from "../../../tools/command.ts";
import { compileStatic } from "../compile_static.ts";
import { milliseconds, plain } from "../figures.ts";
import type { Peer } from "../peer.ts";
import type { Bar, Bench, Row, Section } from "../row.ts";
import { rotated } from "../row.ts";
import { pairedRatios, summarize } from "../statistics.ts";
import { serviceName, SupervisedTree } from "../supervised_tree.ts";

/** So many that none is started twice within a second, which supervisors don't do. */
const SERVICES = 20;
/** A failure's price. */
const LIMIT_MS = 20_000;
const CHAIN_BAR = 2;
const PROGRAM = "the program";
const CHAIN = "a chain";
/** Ids are changed by a process of ours: docs/chain.md says why. */
const CHAIN_OF_USER = "a chain with s6-setuidgid";
const UP = new TextEncoder().encode("u");

/** How a suite's chain begins, and where its links are. */
interface Side {
  readonly peer: Peer;
  readonly execlineb: string;
  readonly path: string;
  readonly environment: string;
}

interface Subject {
  readonly title: string;
  readonly tree: SupervisedTree;
  readonly samples: number[];
}

/** The suites that have execline. */
function sidesOf({ peers, programs }: Bench, environment: string): Side[] {
  return peers.flatMap((peer) => {
    switch (peer.name) {
      case "hexad":
        return [{
          peer,
          execlineb: `${programs}/execlineb`,
          path: programs,
          environment: "with-contenv",
        }];
      case "s6":
        return [{
          peer,
          execlineb: "/usr/bin/execlineb",
          path: "/usr/lib/execline/bin",
          environment: `s6-envdir ${environment}`,
        }];
      default:
        return [];
    }
  });
}

/** Writes eight variables, as /init has them. @returns their directory */
function layEnvironment(base: string): string {
  const directory = `${base}/s6/container_environment`;
  Deno.mkdirSync(directory, { recursive: true });
  for (let i = 0; i < 8; i++) Deno.writeTextFileSync(`${directory}/VARIABLE${i}`, `value ${i}`);
  return directory;
}

async function startSubjects(
  bench: Bench,
  stack: AsyncDisposableStack,
  program: string,
): Promise<Subject[]> {
  const base = `${bench.scratch}/order`;
  const subjects: Subject[] = [];
  for (const { peer, execlineb, path, environment } of sidesOf(bench, layEnvironment(base))) {
    const chain = (links: string) => (fifo: string): string =>
      `#!${execlineb} -P\n${environment}\n${links}${program} ${fifo}\n`;
    const scripts = {
      [PROGRAM]: (fifo: string) => `#!${program} ${fifo}\n`,
      [CHAIN]: chain("fdmove -c 2 1\n"),
      [CHAIN_OF_USER]: chain("fdmove -c 2 1\ns6-setuidgid nobody\n"),
    };
    for (const [what, text] of Object.entries(scripts)) {
      const tree = stack.use(
        await SupervisedTree.start(peer, bench.scratch, {
          services: SERVICES,
          text,
          under: ["/usr/bin/env", `PATH=${path}:/usr/bin:/bin`, `S6_RUNDIR=${base}`],
        }),
      );
      subjects.push({ title: `${peer.name}: ${what}`, tree, samples: [] });
    }
  }
  return subjects;
}

/** Stops a service and orders its start. @returns the milliseconds until it told that it runs */
async function startOne({ tree }: Subject, service: string): Promise<number> {
  const [down, ...args] = tree.peer.control(tree.directory).down(service);
  await run(down!, args, { doing: `stop ${service}` });
  using control = Deno.openSync(`${tree.directory}/${service}/supervise/control`, { write: true });
  const expected = tree.arrivals.count + 1;
  const orderedMs = performance.now();
  control.writeSync(UP);
  return await tree.arrivals.reach(expected, LIMIT_MS) - orderedMs;
}

function barsOf(subjects: readonly Subject[]): Bar[] {
  const samplesOf = (peer: string, what: string): readonly number[] | undefined =>
    subjects.find(({ title }) => title === `${peer}: ${what}`)?.samples;
  return [CHAIN, CHAIN_OF_USER].flatMap((what) => {
    const ours = samplesOf("hexad", what);
    if (ours === undefined) return [];
    const toProgram = pairedRatios(ours, samplesOf("hexad", PROGRAM)!);
    const theirs = samplesOf("s6", what);
    const toTheirs = theirs === undefined ? undefined : pairedRatios(ours, theirs);
    return [
      {
        what: `order to first instruction, ${what}`,
        bar: `at most ${CHAIN_BAR} of a run that is the program`,
        reached: plain(toProgram),
        met: toProgram.median <= CHAIN_BAR,
      },
      ...(toTheirs === undefined ? [] : [{
        what: "the same",
        bar: "under that of C's chain",
        reached: `${plain(toTheirs)} of it`,
        met: toTheirs.median < 1,
      }]),
    ];
  });
}

async function measure(bench: Bench): Promise<Section> {
  const rounds = bench.quick ? 10 : 100;
  await using stack = new AsyncDisposableStack();
  const program = `${bench.scratch}/arrival`;
  await compileStatic("arrival.c", program);
  const subjects = await startSubjects(bench, stack, program);
  bench.say(`order: ${rounds} rounds`);
  for (let round = 0; round < rounds; round++) {
    for (const subject of rotated(subjects, round)) {
      subject.samples.push(await startOne(subject, serviceName(round % SERVICES)));
    }
  }
  return {
    title: "Order to first instruction",
    method: [
      `From the letter in a supervisor's FIFO that orders a service up, until the line that its program writes first of all was read from ` +
      `another FIFO; ${rounds} rounds. The program is a static one. A chain is execlineb, with-contenv (eight variables; for C, s6-envdir), ` +
      "fdmove and that program, and in the last rows s6-setuidgid before the program. Each service has been started before.",
    ],
    tables: [{
      head: ["`run` is", "order to first instruction"],
      rows: subjects.map(({ title, samples }) => [title, milliseconds(summarize(samples))]),
    }],
    bars: barsOf(subjects),
  };
}

export const ORDER: Row = { name: "order", measure };
