/** hexad logs: what services have written, out of their log directories. */
import { parseUint } from "../lib/core/config_file.ts";
import { UsageError } from "../lib/core/getopt.ts";
import type { TimeSpan } from "../lib/core/log_archives.ts";
import { TIME_FORMS, type TimeForm } from "../lib/core/log_line_form.ts";
import { type MomentContext, parseMoment } from "../lib/core/moment.ts";
import type { NamedTable } from "../lib/core/option_table.ts";
import { SCANDIR_OPTION } from "../lib/core/option_table.ts";
import { tainToUnix } from "../lib/core/tain.ts";
import { EventHub } from "../lib/fifodir/hub.ts";
import { wallclock } from "../lib/libc/clock.ts";
import { localTime, unixTime } from "../lib/libc/local_time.ts";
import { LogFollower } from "../lib/logreader/follower.ts";
import { LineFilter, type LogLine } from "../lib/logreader/line_filter.ts";
import { LineWriter } from "../lib/logreader/line_writer.ts";
import { logdirFailure } from "../lib/logreader/log_file.ts";
import { BEGINNING, LogSource } from "../lib/logreader/log_source.ts";
import { merged } from "../lib/logreader/merge.ts";
import { tailOf } from "../lib/logreader/tail.ts";
import type { Context } from "./context.ts";
import { EXIT_SYSTEM, Failure } from "./context.ts";
import { type Arguments, parseArguments } from "./hexad_arguments.ts";
import { findLogs, type FoundLog } from "./log_operands.ts";
import { outputForm } from "./output_form.ts";

const DEFAULT_LINES = 100;
const ALL = Infinity;
const MAX_BLOCK_BYTES = 65536;
const MIN_BLOCK_BYTES = 4096;
/** Of all sources together. */
const ALL_BLOCKS_BYTES = 1 << 24;

export const table: NamedTable = {
  summary: "Shows what services have written, out of their log directories: merged by time, archives and gzip-compressed files too.",
  usage: "[-f] [-n N] [--since TIME] [--until TIME] [-g RE] [-t FORM] [-j] [-S DIR] [SERVICE|LOGDIR...]",
  operands: "service",
  options: [
    { short: "f", long: "follow", text: "go on with what is written from now on, across rotations, until interrupted" },
    {
      short: "n",
      long: "lines",
      arg: "N",
      kind: "number",
      text: `the last N lines, or all; default ${DEFAULT_LINES}, and all with --since, --until or --grep`,
    },
    { long: "since", arg: "TIME", kind: "time", text: "no older lines: 10m (ago), 06:30, '2026-11-24 06:30', an ISO time, @TAI64N" },
    { long: "until", arg: "TIME", kind: "time", text: "no younger lines" },
    { short: "g", long: "grep", arg: "RE", kind: "pattern", text: "only lines that match an extended regular expression, stamps left out" },
    {
      short: "t",
      long: "time",
      arg: "FORM",
      kind: TIME_FORMS,
      text: `how moments are shown: ${TIME_FORMS.join(", ")} (the stamp as it is: raw)`,
    },
    { short: "j", long: "json", text: "a JSON object for each line; docs/log.schema.json describes it" },
    SCANDIR_OPTION,
  ],
  exits: [
    ["0", "done"],
    ["100", "wrong usage, no such service, no log directory, or no scan directory"],
    ["111", "system call failed, or no log directory can be read"],
  ],
  example: "hexad logs -f web\nhexad logs --since 10m --grep 'error|fatal'",
};

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const wanted = wantedLines(given);
  const write = lineWriterOf(context, given);
  using filter = lineFilter(given);
  const found = findLogs(context, given);
  using stack = new DisposableStack();
  const sources = openSources(context, found, filter, stack);
  if (sources.length === 0) throw new Failure(EXIT_SYSTEM, "no log directory can be read");
  const print = (source: LogSource, lines: readonly LogLine[]): void => context.out(write(sources.length > 1).bytes(lines, source));
  await printHeld(sources, wanted, print);
  if (given.flag("follow")) await follow(context, sources, print);
  return 0;
}

/** How many lines; Infinity for all. */
function wantedLines({ value }: Arguments): number {
  const text = value("lines");
  if (text === "all") return ALL;
  if (text === undefined) return ["since", "until", "grep"].some((name) => value(name) !== undefined) ? ALL : DEFAULT_LINES;
  const lines = parseUint(text);
  if (lines === undefined) throw new UsageError(`no number of lines: ${text}`);
  return lines;
}

function lineFilter({ value }: Arguments): LineFilter {
  const { seconds, nano } = tainToUnix(wallclock());
  const moments: MomentContext = {
    now: Number(seconds) + nano / 1e9,
    today: localTime(seconds),
    localSeconds: (time) => Number(unixTime(time)),
  };
  const moment = (name: "since" | "until"): TimeSpan => {
    const text = value(name);
    if (text === undefined) return {};
    const at = parseMoment(text, moments);
    if (at === undefined) throw new UsageError(`no moment: ${text} (e.g. 10m, 06:30, '2026-11-24 06:30', 2026-11-24T06:30:00Z)`);
    return { [name]: at };
  };
  try {
    return new LineFilter({ ...moment("since"), ...moment("until") }, value("grep"));
  } catch (error) {
    if (error instanceof UsageError || !(error instanceof SyntaxError)) throw error;
    throw new UsageError(`no regular expression: ${value("grep")} (${error.message})`);
  }
}

/** Makes writers of lines: with the names of services before them, or without. */
function lineWriterOf(context: Context, { flag, value }: Arguments): (named: boolean) => LineWriter {
  const { window, paint } = outputForm(context);
  const form = value("time") ?? "local";
  const time: TimeForm | undefined = TIME_FORMS.find((known) => known === form);
  if (time === undefined) throw new UsageError(`no form of a moment: ${form} (there are ${TIME_FORMS.join(", ")})`);
  let writer: LineWriter | undefined;
  return (named) => writer ??= new LineWriter({ time, json: flag("json"), named, safe: window !== undefined, paint });
}

function openSources(context: Context, found: readonly FoundLog[], filter: LineFilter, stack: DisposableStack): LogSource[] {
  const blockBytes = Math.max(MIN_BLOCK_BYTES, Math.min(MAX_BLOCK_BYTES, Math.floor(ALL_BLOCKS_BYTES / found.length)));
  const sources: LogSource[] = [];
  for (const { label, logdir } of found) {
    try {
      sources.push(stack.use(new LogSource({ label, logdir, filter, blockBytes, onTrouble: context.warn })));
    } catch (error) {
      context.warn(logdirFailure(error, logdir));
    }
  }
  return sources;
}

type Print = (source: LogSource, lines: readonly LogLine[]) => void;

/** What the log directories hold now. */
async function printHeld(sources: readonly LogSource[], wanted: number, print: Print): Promise<void> {
  if (wanted === 0) return;
  const tails = wanted === ALL ? undefined : await Promise.all(sources.map((source) => tailOf(source, wanted)));
  // each source gives its last lines; of them together the last are meant
  let skip = tails === undefined ? 0 : Math.max(0, tails.reduce((sum, { lines }) => sum + lines, 0) - wanted);
  const batches = sources.map((source, i) => source.batches(tails?.[i]?.start ?? BEGINNING));
  for await (const { source, lines } of merged(batches)) {
    const shown = lines.slice(skip);
    skip = Math.max(0, skip - lines.length);
    if (shown.length > 0) print(sources[source]!, shown);
  }
}

async function follow(context: Context, sources: readonly LogSource[], print: Print): Promise<void> {
  using hub = new EventHub();
  for (const source of sources) {
    new LogFollower(source, hub, { onLines: (lines) => print(source, lines), onTrouble: context.warn }).begin();
  }
  await hub.run();
}
