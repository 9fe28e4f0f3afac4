/**
 * Row: services that each have a logger: hexad's are logs in one log host; those of s6 and runit a
 * process each, with a supervisor each.
 */
import { megabytes, middle, milliseconds, plain } from "../figures.ts";
import type { Peer } from "../peer.ts";
import { voluntarySwitches } from "../proc.ts";
import { type Bar, type Bench, pause, rotated, type Row, type Section } from "../row.ts";
import { pairedRatios, summarize, type Summary } from "../statistics.ts";
import { SupervisedTree } from "../supervised_tree.ts";

const SERVICES = 1000;
const QUICK_SERVICES = 100;
const ROUNDS = 3;

const MEMORY_BAR_BYTES = 85e6;
const MEMORY_BAR_RATIO = 0.25;
const START_BAR_RATIO = 0.8;

/**
 * What the start leaves behind, such as pages that are given back a little later, is over after
 * that.
 */
const SETTLE_MS = 10_000;
const QUICK_SETTLE_MS = 5000;
const IDLE_MS = 10_000;

interface Subject {
  readonly peer: Peer;
  readonly upMs: number[];
  readonly bytes: number[];
  readonly wakeUps: number[];
}

/**
 * The time until each log has its service's line, the memory of everything but the services, and
 * what happens while nothing is said.
 */
async function measureOnce(
  { peer, upMs, bytes, wakeUps }: Subject,
  services: number,
  bench: Bench,
): Promise<void> {
  await using tree = await SupervisedTree.start(peer, bench.scratch, { services, loggers: true });
  upMs.push(tree.upMs);
  await pause(bench.quick ? QUICK_SETTLE_MS : SETTLE_MS);
  const pids = tree.supervisors();
  const before = pids.map(voluntarySwitches);
  await pause(IDLE_MS);
  wakeUps.push(pids.reduce((sum, pid, i) => sum + voluntarySwitches(pid) - before[i]!, 0));
  bytes.push(tree.memoryBytes());
}

function barsOf(ours: Subject, theirs: Subject | undefined, services: number): Bar[] {
  if (services !== SERVICES) return [];
  const what = `${services} services with loggers`;
  const memory = summarize(ours.bytes);
  const wakeUps = Math.max(...ours.wakeUps);
  const ratio = (of: string, reached: Summary, bar: number): Bar => ({
    what: `${what}, ${of}`,
    bar: `under ${bar} of Debian's s6`,
    reached: plain(reached),
    met: reached.median < bar,
  });
  const ratios = theirs === undefined ? [] : [
    ratio("memory of the whole tree", pairedRatios(ours.bytes, theirs.bytes), MEMORY_BAR_RATIO),
    ratio("time until all run", pairedRatios(ours.upMs, theirs.upMs), START_BAR_RATIO),
  ];
  return [
    {
      what: `${what}, memory of the whole tree`,
      bar: `under ${MEMORY_BAR_BYTES / 1e6} MB`,
      reached: megabytes(memory),
      met: memory.median < MEMORY_BAR_BYTES,
    },
    ...ratios,
    {
      what: `${what}, ten idle seconds`,
      bar: "no wake-up of our own",
      reached: `${wakeUps} wake-ups`,
      met: wakeUps === 0,
    },
  ];
}

async function measure(bench: Bench): Promise<Section> {
  const services = bench.quick ? QUICK_SERVICES : SERVICES;
  const rounds = bench.quick ? 1 : ROUNDS;
  const peers = bench.peers.filter(({ layLogger }) => layLogger !== undefined);
  const subjects: Subject[] = peers.map((peer) => ({ peer, upMs: [], bytes: [], wakeUps: [] }));
  const first = subjects[0];
  if (first?.peer.name !== "hexad") throw new Error("the row 'loggers' needs hexad");
  for (let round = 0; round < rounds; round++) {
    bench.say(`loggers: round ${round + 1} of ${rounds}`);
    for (const subject of rotated(subjects, round)) await measureOnce(subject, services, bench);
  }
  return {
    title: "Services with loggers",
    method: [
      `${services} services, each with a logger that keeps its lines in a directory of its own: a file \`log/logscript\` for hexad, which runs all ` +
      "of them in one log host; for the others a `log/run` that becomes `s6-log` or `svlogd`. *Up after* is the time until the service that " +
      "came last has a line in its log. *Memory* is that of everything but the services, as above, and *wake-ups* are the voluntary context " +
      "switches of all their threads within ten seconds in which nothing is said.",
    ],
    tables: [{
      head: [
        `${services} services with loggers`,
        "up after",
        "hexad to it",
        "memory",
        "hexad to it",
        "wake-ups",
      ],
      rows: subjects.map(({ peer, upMs, bytes, wakeUps }) => [
        peer.name,
        milliseconds(summarize(upMs)),
        plain(pairedRatios(first.upMs, upMs)),
        megabytes(summarize(bytes)),
        plain(pairedRatios(first.bytes, bytes)),
        String(Math.max(...wakeUps)),
      ]),
    }],
    bars: barsOf(first, subjects.find(({ peer }) => peer.name === "s6"), services),
    highlights: [
      {
        what: `${services} services with loggers: all run after`,
        figures: Object.fromEntries(
          subjects.map(({ peer, upMs }) => [peer.name, milliseconds(middle(summarize(upMs)))]),
        ),
      },
      {
        what: `${services} services with loggers: memory`,
        figures: Object.fromEntries(
          subjects.map(({ peer, bytes }) => [peer.name, megabytes(middle(summarize(bytes)))]),
        ),
      },
    ],
  };
}

export const LOGGERS: Row = { name: "loggers", measure };
