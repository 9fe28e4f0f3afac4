/** Row 6: what is left behind after many restarts: memory and descriptors of hexad's process. */
import { digits } from "../figures.ts";
import type { Peer } from "../peer.ts";
import { openDescriptors } from "../proc.ts";
import { type Bar, type Bench, pause, type Row, type Section } from "../row.ts";
import { SupervisedTree } from "../supervised_tree.ts";

const MEMORY_BAR_BYTES = 5e6;

/**
 * The bar's own number; `--restarts` can ask for it, otherwise fewer are made and the report says
 * so.
 */
const BAR_RESTARTS = 100_000;
const DEFAULT_RESTARTS = 40_000;
const QUICK_RESTARTS = 500;

/** They live shorter than a second, so each is restarted once a second. */
const SERVICES = 400;
const QUICK_SERVICES = 100;

/**
 * Restarts of each service before the first measurement: then buffers and compiled code have their
 * usual size.
 */
const WARM_UP = 25;

const MARKS = 4;

interface State {
  readonly restarts: number;
  readonly bytes: number;
  readonly descriptors: number;
}

/**
 * The least of several samples over one second: garbage that waits for its collection, and a
 * descriptor that is open while a service is being started, are not growth.
 */
async function stateOf(tree: SupervisedTree, services: number): Promise<State> {
  let bytes = Infinity;
  let descriptors = Infinity;
  const restarts = tree.arrivals.count - services;
  for (let turn = 0; turn < 10; turn++) {
    bytes = Math.min(bytes, tree.memoryBytes());
    descriptors = Math.min(descriptors, openDescriptors(tree.pid));
    await pause(103);
  }
  return { restarts, bytes, descriptors };
}

/** @returns the state after the warming up, and after each quarter of the restarts */
async function statesOf(
  peer: Peer,
  bench: Bench,
  restarts: number,
  services: number,
): Promise<State[]> {
  await using tree = await SupervisedTree.start(peer, bench.scratch, {
    services,
    script: "exit 0",
  });
  const warmUp = services * (bench.quick ? 1 : WARM_UP);
  const states: State[] = [];
  for (let mark = 0; mark <= MARKS; mark++) {
    await tree.arrivals.reach(
      services + warmUp + Math.ceil(restarts * mark / MARKS),
      60_000 + restarts * 20,
    );
    states.push(await stateOf(tree, services));
  }
  return states;
}

function barsOf(restarts: number, first: State, last: State): Bar[] {
  const bytes = last.bytes - first.bytes;
  const descriptors = last.descriptors - first.descriptors;
  return [{
    what: `growth over ${BAR_RESTARTS} restarts`,
    bar: `no descriptor, under ${MEMORY_BAR_BYTES / 1e6} MB`,
    reached: `${descriptors} descriptors, ${digits(bytes / 1e6)} MB over ${restarts} restarts`,
    met: bytes < MEMORY_BAR_BYTES && descriptors <= 0,
  }];
}

async function measure(bench: Bench): Promise<Section> {
  const hexad = bench.peers.find(({ name }) => name === "hexad");
  if (hexad === undefined) throw new Error("the row 'growth' needs hexad");
  const restarts = bench.restarts ?? (bench.quick ? QUICK_RESTARTS : DEFAULT_RESTARTS);
  const services = bench.quick ? QUICK_SERVICES : SERVICES;
  bench.say(`growth: ${restarts} restarts`);
  const states = await statesOf(hexad, bench, restarts, services);
  const [first, last] = [states[0]!, states.at(-1)!];
  return {
    title: "Growth over many restarts",
    method: [
      `${services} services that exit at once and are restarted once a second, ${restarts} restarts after the first ${first.restarts} ` +
      `(\`--restarts ${BAR_RESTARTS}\` makes as many as the budget speaks of). Each figure is the least of ten within a second.`,
    ],
    tables: [{
      head: ["restarts", "memory", "open descriptors"],
      rows: states.map((
        { restarts, bytes, descriptors },
      ) => [String(restarts), `${digits(bytes / 1e6)} MB`, String(descriptors)]),
    }],
    bars: barsOf(last.restarts - first.restarts, first, last),
  };
}

export const GROWTH: Row = { name: "growth", measure };
