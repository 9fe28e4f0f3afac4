/** Row 3: from the death of a service to its running again. */
import { middle, milliseconds } from "../figures.ts";
import { type Bar, type Bench, pause, type Row, type Section } from "../row.ts";
import { summarize, type Summary } from "../statistics.ts";
import { SupervisedTree } from "../supervised_tree.ts";

/**
 * Nobody starts a service twice within a second: what is measured is the restart of one that has
 * lived longer.
 */
const LIFE_MS = 1500;

/**
 * What is left to do after a service told that it runs (its status, the program it becomes) must
 * not be in the next one's time.
 */
const REST_MS = 20;

/** A restart can be put off by a second; this is a failure's price. */
const RESTART_LIMIT_MS = 20_000;

interface Subject {
  readonly title: string;
  readonly tree: SupervisedTree;
  readonly victims: number[];
  readonly samples: number[];
}

/** Kills one service of the tree. @returns the milliseconds until it told that it runs again */
async function killOne({ tree, victims }: Subject): Promise<number> {
  const expected = tree.arrivals.count + 1;
  const killedMs = performance.now();
  Deno.kill(victims.pop()!, "SIGKILL");
  return await tree.arrivals.reach(expected, RESTART_LIMIT_MS) - killedMs;
}

async function startSubjects(
  bench: Bench,
  stack: AsyncDisposableStack,
  services: number,
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const peer of bench.peers) {
    const knowsReadiness = peer.name === "hexad" || peer.name === "s6";
    for (const readiness of knowsReadiness ? [false, true] : [false]) {
      const tree = stack.use(
        await SupervisedTree.start(peer, bench.scratch, { services, readiness }),
      );
      subjects.push({
        title: readiness ? `${peer.name}, services that tell readiness` : peer.name,
        tree,
        victims: [],
        samples: [],
      });
    }
  }
  await pause(LIFE_MS);
  for (const { tree, victims } of subjects) victims.push(...tree.services());
  return subjects;
}

function barsOf(results: ReadonlyMap<string, Summary>): Bar[] {
  const ours = results.get("hexad");
  const theirs = results.get("runit");
  if (ours === undefined || theirs === undefined) return [];
  return [{
    what: "death to running again, median",
    bar: "at most runsv's",
    reached: `${milliseconds(ours)}, runsv ${milliseconds(theirs)}`,
    met: ours.median <= theirs.median,
  }];
}

async function measure(bench: Bench): Promise<Section> {
  const kills = bench.quick ? 5 : 40;
  await using stack = new AsyncDisposableStack();
  const subjects = await startSubjects(bench, stack, kills);
  bench.say(`restart: ${kills} kills each`);
  for (let kill = 0; kill < kills; kill++) {
    for (const subject of subjects) {
      subject.samples.push(await killOne(subject));
      await pause(REST_MS);
    }
  }
  const results = new Map(subjects.map(({ title, samples }) => [title, summarize(samples)]));
  return {
    title: "Death to running again",
    method: [
      `Each suite has ${kills} services, all of which have lived longer than a second. One after the other is killed with SIGKILL, by turns in ` +
      "each suite. The time is from the kill until the line of the restarted service was read from the FIFO, the start of its shell included.",
    ],
    tables: [{
      head: ["suite", "death to running again"],
      rows: [...results].map(([title, summary]) => [title, milliseconds(summary)]),
    }],
    bars: barsOf(results),
    highlights: [{
      what: "a killed service runs again after",
      figures: Object.fromEntries(
        [...results].map(([title, summary]) => [title, milliseconds(middle(summary))]),
      ),
    }],
  };
}

export const RESTART: Row = { name: "restart", measure };
