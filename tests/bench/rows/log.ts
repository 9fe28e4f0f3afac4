/**
 * Row 8: loggers: how much they take, at what price, and what many of them need that have little to
 * do.
 */
import type { BarChart } from "../chart.ts";
import { megabytes, megabytesPerSecond, middle, plain } from "../figures.ts";
import { type LogInput, writeInput } from "../logs/input.ts";
import {
  C_LOG,
  CAT,
  DISCARD,
  hexadLog,
  type Logger,
  SVLOGD,
  type Treatment,
} from "../logs/loggers.ts";
import { type LoggedRun, runLogger } from "../logs/logged_run.ts";
import {
  cLogs,
  type FarmFigures,
  hostedLogs,
  LINES_A_SECOND,
  type LoggerFarm,
  runFarm,
} from "../logs/slow_writers.ts";
import { LOG_TRIALS } from "../logs/trials.ts";
import {
  type Bar,
  type Bench,
  type Highlight,
  rotated,
  type Row,
  type Section,
  type Table,
} from "../row.ts";
import { fileSystemOf, roomyDirectory } from "../scratch.ts";
import { median, pairedRatios, summarize } from "../statistics.ts";

const INPUT_BYTES = 512e6;
const QUICK_INPUT_BYTES = 64e6;
/** Two inputs, the parts of them that slow loggers get, and one that is logged. */
const ROOM_BYTES = 4 * INPUT_BYTES;
const ROUNDS = 5;
const SLOW_LOGS = 200;
const QUICK_SLOW_LOGS = 20;
const SLOW_ROUNDS = 2;
const SLOW_MS = 20_000;
const QUICK_SLOW_MS = 3000;

interface Case {
  readonly title: string;
  /** In the chart. */
  readonly short: string;
  readonly treatment: Treatment;
  readonly lineBytes: number;
}

const PLAIN: Case = {
  title: "lines of 100 bytes",
  short: "100 bytes",
  treatment: "plain",
  lineBytes: 100,
};
const LONG: Case = {
  title: "lines of 1000 bytes",
  short: "1000 bytes",
  treatment: "plain",
  lineBytes: 1000,
};
const STAMPED: Case = {
  title: "100 bytes, stamped with the local time",
  short: "100 bytes, stamped",
  treatment: "stamped",
  lineBytes: 100,
};
const SELECTED: Case = {
  title: "100 bytes, one regular expression",
  short: "100 bytes, one expression",
  treatment: "selected",
  lineBytes: 100,
};
const CASES: readonly Case[] = [PLAIN, LONG, STAMPED, SELECTED];

/** One logger in one case. */
interface Subject {
  readonly logger: Logger;
  readonly input: LogInput;
  readonly runs: LoggedRun[];
}

interface Measured {
  readonly case: Case;
  readonly subjects: readonly Subject[];
}

/** Inputs by length of line and share of the whole. */
class Inputs {
  readonly #directory: string;
  readonly #bytes: number;
  readonly #made = new Map<string, LogInput>();

  constructor(directory: string, bytes: number) {
    this.#directory = directory;
    this.#bytes = bytes;
  }

  get(lineBytes: number, share: number): LogInput {
    const name = `input-${lineBytes}-${share}`;
    const made = this.#made.get(name) ??
      writeInput(`${this.#directory}/${name}`, lineBytes, this.#bytes * share);
    this.#made.set(name, made);
    return made;
  }
}

async function measureCase(
  one: Case,
  loggers: readonly Logger[],
  inputs: Inputs,
  rounds: number,
  directory: string,
): Promise<Measured> {
  const { treatment, lineBytes } = one;
  const able = loggers.filter(({ treatments }) => treatments.includes(treatment));
  const subjects: readonly Subject[] = able.map((logger) => ({
    logger,
    input: inputs.get(lineBytes, logger.share),
    runs: [],
  }));
  // programs and memory are there then
  for (const { logger } of subjects) {
    await runLogger(logger, treatment, inputs.get(lineBytes, SVLOGD.share), directory);
  }
  for (let round = 0; round < rounds; round++) {
    for (const { logger, input, runs } of rotated(subjects, round)) {
      runs.push(await runLogger(logger, treatment, input, directory));
    }
  }
  return { case: one, subjects };
}

function rates(subject: Subject): number[] {
  return subject.runs.map(({ bytesPerSecond }) => bytesPerSecond);
}

function tableOf({ case: { title }, subjects }: Measured): Table {
  const first = subjects[0]!;
  return {
    head: [title, "rate", `${first.logger.title} to it`, "CPU seconds per GB", "peak memory"],
    rows: subjects.map((one) => [
      one.logger.title,
      megabytesPerSecond(summarize(rates(one))),
      plain(pairedRatios(rates(first), rates(one))),
      plain(summarize(one.runs.map(({ cpuSecondsPerGb }) => cpuSecondsPerGb))),
      megabytes(summarize(one.runs.map(({ peakBytes }) => peakBytes))),
    ]),
  };
}

/** How fast the input can come is told in the table, and is no logger's rate. */
function chartOf(loggers: readonly Logger[], measured: readonly Measured[]): BarChart {
  return {
    kind: "bars",
    file: "bench-logs.svg",
    title: "Rate of loggers",
    yTitle: "MB/s",
    groups: measured.map((one) => one.case.short),
    bars: loggers.filter(({ discards }) => discards !== true).map((logger) => ({
      name: logger.title.replaceAll("`", ""),
      values: measured.map(({ subjects }) => {
        const subject = subjects.find((one) => one.logger === logger);
        return subject === undefined ? undefined : median(rates(subject)) / 1e6;
      }),
    })),
  };
}

function highlightsOf({ subjects }: Measured): Highlight[] {
  const rate = (subject: Subject): string => megabytesPerSecond(middle(summarize(rates(subject))));
  const rateOf = (logger: Logger): string => rate(subjects.find((one) => one.logger === logger)!);
  return [{
    what: "a logger's rate, lines of 100 bytes",
    figures: { hexad: rate(subjects[0]!), s6: rateOf(C_LOG), runit: rateOf(SVLOGD) },
  }];
}

/** What the budgets ask for. */
const BARS = [
  {
    of: PLAIN,
    peer: C_LOG,
    times: 5,
    what: "s6-log `n3 s268435455 DIR`, lines of 100 bytes",
    bar: "at least 5 times C s6-log's rate",
  },
  { of: PLAIN, peer: CAT, times: 1, what: "the same", bar: "at least the rate of `cat >FILE`" },
  {
    of: STAMPED,
    peer: C_LOG,
    times: 3,
    what: "s6-log with `T` stamps",
    bar: "at least 3 times C s6-log's rate",
  },
  {
    of: SELECTED,
    peer: C_LOG,
    times: 2,
    what: "s6-log with one regular expression",
    bar: "at least 2 times C s6-log's rate",
  },
] as const;

function barsOf(measured: readonly Measured[]): Bar[] {
  return BARS.map(({ of, peer, times, what, bar }) => {
    const { subjects } = measured.find((one) => one.case === of)!;
    const theirs = subjects.find(({ logger }) => logger === peer)!;
    const ratio = pairedRatios(rates(subjects[0]!), rates(theirs));
    return { what, bar, reached: plain(ratio), met: ratio.median >= times };
  });
}

async function measureSlowLogs(bench: Bench): Promise<Table> {
  const logs = bench.quick ? QUICK_SLOW_LOGS : SLOW_LOGS;
  const farms: readonly { readonly farm: LoggerFarm; readonly runs: FarmFigures[] }[] = [
    { farm: hostedLogs(bench.programs), runs: [] },
    { farm: cLogs(), runs: [] },
  ];
  for (let round = 0; round < (bench.quick ? 1 : SLOW_ROUNDS); round++) {
    bench.say(`log: ${logs} slow logs, round ${round + 1}`);
    for (const { farm, runs } of rotated(farms, round)) {
      runs.push(await runFarm(farm, logs, bench.quick ? QUICK_SLOW_MS : SLOW_MS, bench.scratch));
    }
  }
  const memory = farms.map(({ runs }) => runs.map(({ memoryBytes }) => memoryBytes));
  const cpu = farms.map(({ runs }) => runs.map(({ cpuSecondsPerMinute }) => cpuSecondsPerMinute));
  return {
    head: [
      `${logs} slow logs`,
      "processes",
      "memory",
      "hexad to it",
      "CPU seconds a minute",
      "hexad to it",
    ],
    rows: farms.map(({ farm, runs }, i) => [
      farm.title,
      String(runs[0]!.processes),
      megabytes(summarize(memory[i]!)),
      plain(pairedRatios(memory[0]!, memory[i]!)),
      plain(summarize(cpu[i]!)),
      plain(pairedRatios(cpu[0]!, cpu[i]!)),
    ]),
  };
}

function method(bench: Bench, directory: string, inputBytes: number): string[] {
  return [
    `All log with \`n3 s268435455\`: three files of at most 256 MiB. The input is a file of ${
      inputBytes / 1e6
    } MB in memory (${
      inputBytes * SVLOGD.share / 1e6
    } MB of it for svlogd, whose rate does not depend on that), which \`cat\` writes into the logger's pipe, 128 KiB at a time; log directories ` +
    `are on ${fileSystemOf(directory)}${
      directory === bench.scratch ? ", for a disk's moods are not what is measured" : ""
    }. The time is from ` +
    "the moment that `cat` is let go, when the logger is ready, until the last line stands in `current`; neither start nor end of the logger is in " +
    "it. `cat >/dev/null` shows how fast the input can come at most. *Peak memory* is the greatest resident size (VmHWM), which for hexad is " +
    "mostly pages of the program's file.",
    "*Stamped*: `T`, for svlogd `-ttt`. *One regular expression*: `-^[0-9]+ (DEBUG|TRACE) `, which leaves out each tenth line; svlogd has patterns " +
    "of its own kind, `-* DEBUG *`.",
    `*Slow logs*: each has a writer of its own, a process that writes ${LINES_A_SECOND} lines of 100 bytes a second. hexad's are the logs of service ` +
    "directories with a `logscript` under one s6-svscan, which reads all of them in one log host; C's are processes of their own. Memory is the sum of " +
    "the loggers' proportional set sizes; neither s6-svscan nor anything that would supervise C's is in it.",
  ];
}

async function measure(bench: Bench): Promise<Section> {
  if (!bench.peers.some(({ name }) => name === "hexad")) {
    throw new Error("the row 'log' needs hexad");
  }
  const loggers = [hexadLog(bench.programs), C_LOG, SVLOGD, CAT, DISCARD];
  const inputBytes = bench.quick ? QUICK_INPUT_BYTES : INPUT_BYTES;
  using roomy = roomyDirectory(bench.scratch, ROOM_BYTES);
  const inputs = new Inputs(roomy.path, inputBytes);
  const measured: Measured[] = [];
  for (const one of CASES) {
    bench.say(`log: ${one.title}`);
    measured.push(await measureCase(one, loggers, inputs, bench.quick ? 1 : ROUNDS, roomy.path));
  }
  const slow = await measureSlowLogs(bench);
  return {
    title: "Logs",
    method: method(bench, roomy.path, inputBytes),
    tables: [...measured.map(tableOf), slow],
    bars: barsOf(measured),
    charts: [chartOf(loggers, measured)],
    highlights: highlightsOf(measured[0]!),
    notes: LOG_TRIALS,
  };
}

export const LOG: Row = { name: "log", measure };
