/**
 * Rows 1 and 2: the time until all services run, and then the memory of the whole tree, with 10 to
 * 1000 services.
 */
import type { LineChart } from "../chart.ts";
import { megabytes, middle, milliseconds, plain } from "../figures.ts";
import type { Peer } from "../peer.ts";
import {
  type Bar,
  type Bench,
  type Highlight,
  pause,
  rotated,
  type Row,
  type Section,
  type Table,
} from "../row.ts";
import { median, pairedRatios, summarize } from "../statistics.ts";
import { SupervisedTree } from "../supervised_tree.ts";

/**
 * After the last service told that it runs, what started it has still to write its status and to
 * come to rest.
 */
const SETTLE_MS = 2000;

/** The budgets speak of so many. */
const BAR_SERVICES = 1000;
/** In the table at the top: few, where hexad loses, and many. */
const HIGHLIGHTED: readonly number[] = [10, BAR_SERVICES];
const MEMORY_BAR = 0.38;
const START_BAR = 0.9;

interface Samples {
  readonly upMs: number[];
  readonly bytes: number[];
}

type Size = ReadonlyMap<Peer, Samples>;

async function measureOnce(
  peer: Peer,
  services: number,
  scratch: string,
  into: Samples,
): Promise<void> {
  await using tree = await SupervisedTree.start(peer, scratch, { services });
  await pause(SETTLE_MS);
  into.upMs.push(tree.upMs);
  into.bytes.push(tree.memoryBytes());
}

async function measureSize(bench: Bench, services: number, rounds: number): Promise<Size> {
  const size = new Map(bench.peers.map((peer) => [peer, { upMs: [], bytes: [] } as Samples]));
  for (let round = 0; round < rounds; round++) {
    bench.say(`tree of ${services}: round ${round + 1} of ${rounds}`);
    for (const peer of rotated(bench.peers, round)) {
      await measureOnce(peer, services, bench.scratch, size.get(peer)!);
    }
  }
  return size;
}

function tableOf(services: number, size: Size): Table {
  const first = [...size.values()][0]!;
  const [reference] = size.keys();
  return {
    head: [
      `${services} services`,
      "up after",
      `${reference!.name} to it`,
      "memory",
      `${reference!.name} to it`,
    ],
    rows: [...size].map(([peer, { upMs, bytes }]) => [
      peer.name,
      milliseconds(summarize(upMs)),
      plain(pairedRatios(first.upMs, upMs)),
      megabytes(summarize(bytes)),
      plain(pairedRatios(first.bytes, bytes)),
    ]),
  };
}

function barsOf(services: number, size: Size): Bar[] {
  const ours = [...size].find(([{ name }]) => name === "hexad")?.[1];
  const theirs = [...size].find(([{ name }]) => name === "s6")?.[1];
  if (services !== BAR_SERVICES || ours === undefined || theirs === undefined) return [];
  const memory = pairedRatios(ours.bytes, theirs.bytes);
  const start = pairedRatios(ours.upMs, theirs.upMs);
  return [
    {
      what: `${services} services up, memory of the whole tree`,
      bar: `under ${MEMORY_BAR} of Debian's s6`,
      reached: plain(memory),
      met: memory.median < MEMORY_BAR,
    },
    {
      what: `${services} services, time until all run`,
      bar: `under ${START_BAR} of Debian's s6`,
      reached: plain(start),
      met: start.median < START_BAR,
    },
  ];
}

function linesOf(
  sizes: ReadonlyMap<number, Size>,
  y: (samples: Samples) => number,
): LineChart["lines"] {
  const [first] = sizes.values();
  return [...first!.keys()].map((peer) => ({
    name: peer.name,
    points: [...sizes].map(([services, size]) => [services, y(size.get(peer)!)] as const),
  }));
}

function chartsOf(sizes: ReadonlyMap<number, Size>): LineChart[] {
  const common = { kind: "lines", xTitle: "services" } as const;
  return [
    {
      ...common,
      file: "bench-start.svg",
      title: "Time until all services run",
      yTitle: "seconds",
      lines: linesOf(sizes, ({ upMs }) => median(upMs) / 1000),
    },
    {
      ...common,
      file: "bench-memory.svg",
      title: "Memory of the tree, without the services",
      yTitle: "MB",
      lines: linesOf(sizes, ({ bytes }) => median(bytes) / 1e6),
    },
  ];
}

function highlightsOf(sizes: ReadonlyMap<number, Size>): Highlight[] {
  const line = (what: string, size: Size, figure: (samples: Samples) => string): Highlight => ({
    what,
    figures: Object.fromEntries([...size].map(([{ name }, samples]) => [name, figure(samples)])),
  });
  return [...sizes].filter(([services]) => HIGHLIGHTED.includes(services)).flatMap((
    [services, size],
  ) => [
    line(
      `${services} services: all run after`,
      size,
      ({ upMs }) => milliseconds(middle(summarize(upMs))),
    ),
    line(`${services} services: memory`, size, ({ bytes }) => megabytes(middle(summarize(bytes)))),
  ]);
}

async function measure(bench: Bench): Promise<Section> {
  const plan: readonly (readonly [services: number, rounds: number])[] = bench.quick
    ? [[10, 1], [100, 1]]
    : [[10, 5], [100, 5], [300, 3], [BAR_SERVICES, 5]];
  const sizes = new Map<number, Size>();
  for (const [services, rounds] of plan) {
    sizes.set(services, await measureSize(bench, services, rounds));
  }
  return {
    title: "A tree of services: start and memory",
    method: [
      "The services are `#!/bin/sh` scripts that write a line into a FIFO and then `exec sleep 1000000`. *Up after* is the time from the start " +
      "of the suite's process until the last of these lines was read, so nobody polls while the suites work, and the shells and `sleep`s that " +
      "are the same for all are part of it.",
      `*Memory* is the sum of the proportional set sizes (PSS in /proc/PID/smaps_rollup) of all processes of the tree but the \`sleep\`s, ${
        SETTLE_MS / 1000
      } s after that.`,
    ],
    tables: [...sizes].map(([services, size]) => tableOf(services, size)),
    bars: [...sizes].flatMap(([services, size]) => barsOf(services, size)),
    charts: chartsOf(sizes),
    highlights: highlightsOf(sizes),
  };
}

export const TREE_SIZE: Row = { name: "tree", measure };
