/** hexad logs: what services have written, out of their log directories. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { TimeSpan } from "../../lib/logdir/core/log_archives.ts";
import { TIME_FORMS, type TimeForm } from "../../lib/logdir/core/log_line_form.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { SCANDIR_OPTION } from "../../lib/core/cli/option_table.ts";
import { EventHub } from "../../lib/fifodir/hub.ts";
import { LineFilter } from "../../lib/logreader/line_filter.ts";
import { LineWriter } from "../../lib/logreader/line_writer.ts";
import { logMoment, unixNow } from "../../lib/logreader/log_moment.ts";
import { LogReading } from "../../lib/logreader/log_reading.ts";
import { LogArrivals } from "../../lib/tree/log_arrivals.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { chooseLogs, type ChosenLogs } from "./log_operands.ts";
import { outputForm } from "./output_form.ts";
import { meansServed, TOKEN_OPTION, URL_OPTION } from "./remote/url_options.ts";

const DEFAULT_LINES = 100;
const ALL = Infinity;

export const table = {
  summary:
    "Shows what services have written: out of their log directories, archives and gzip-compressed files too, or the last lines that s6-svscan keeps of services without a logger; merged by time.",
  usage:
    "[-f] [-n N] [--since TIME] [--until TIME] [-g RE] [-t FORM] [-j] [-S DIR | --url URL] [SERVICE|LOGDIR...]",
  operands: "service",
  options: [
    {
      short: "f",
      long: "follow",
      text: "go on with what is written from now on, across rotations, until interrupted",
    },
    {
      short: "n",
      long: "lines",
      arg: "N",
      kind: "number",
      text:
        `the last N lines, or all; default ${DEFAULT_LINES}, and all with --since, --until or --grep`,
    },
    {
      long: "since",
      arg: "TIME",
      kind: "time",
      text: "no older lines: 10m (ago), 06:30, '2026-11-24 06:30', an ISO time, @TAI64N",
    },
    { long: "until", arg: "TIME", kind: "time", text: "no younger lines" },
    {
      short: "g",
      long: "grep",
      arg: "RE",
      kind: "pattern",
      text: "only lines that match an extended regular expression, stamps left out",
    },
    {
      short: "t",
      long: "time",
      arg: "FORM",
      kind: TIME_FORMS,
      text: `how moments are shown: ${TIME_FORMS.join(", ")} (the stamp as it is: raw)`,
    },
    {
      short: "j",
      long: "json",
      text: `a JSON object for each line; ${schemaPath("log")} describes it`,
    },
    SCANDIR_OPTION,
    URL_OPTION,
    TOKEN_OPTION,
  ],
  exits: [
    ["0", "done"],
    ["100", "wrong usage, no such service, no log directory, or no scan directory"],
    ["111", "system call failed, or no log directory can be read"],
  ],
  example: "hexad logs -f web\nhexad logs --since 10m --grep 'error|fatal'",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const wanted = wantedLines(given);
  const write = lineWriterOf(context, given);
  using filter = lineFilter(given);
  const following = given.flag("follow");
  if (meansServed(given)) {
    const { remoteTree } = await import("./remote/remote_tree.ts");
    const { showServedLogs } = await import("./remote/served_logs.ts");
    using tree = remoteTree(context, given);
    const selectsHere = given.value("grep") !== undefined;
    const { operands } = given;
    const shown = { tree, operands, filter, selectsHere, wanted, following, write };
    return await showServedLogs(context, shown);
  }
  const since = unixNow();
  const chosen = chooseLogs(context, given, { awaited: following });
  using _keptOutput = chosen.keptOutput;
  const isNamed = (): boolean =>
    reading.sources.length > 1 || following && given.operands.length !== 1;
  using reading: LogReading = new LogReading(chosen.found, filter, {
    onLines: (source, lines) => context.out(write(isNamed()).bytes(lines, source)),
    onTrouble: context.warn,
  }, chosen.kept);
  if (chosen.found.length > 0 && reading.sources.length === 0) {
    throw new Failure(EXIT_SYSTEM, "no log directory can be read");
  }
  await reading.tellHeld(wanted);
  if (following) await follow(reading, chosen, since);
  return 0;
}

/** How many lines; Infinity for all. */
function wantedLines({ value }: Arguments<typeof table.options[number]>): number {
  const text = value("lines");
  if (text === "all") return ALL;
  if (text === undefined) {
    return (["since", "until", "grep"] as const).some((name) => value(name) !== undefined)
      ? ALL
      : DEFAULT_LINES;
  }
  const lines = parseUint(text);
  if (lines === undefined) throw new UsageError(`no number of lines: ${text}`);
  return lines;
}

function lineFilter({ value }: Arguments<typeof table.options[number]>): LineFilter {
  const moment = (name: "since" | "until"): TimeSpan => {
    const text = value(name);
    if (text === undefined) return {};
    const at = logMoment(text);
    if (at === undefined) {
      throw new UsageError(
        `no moment: ${text} (e.g. 10m, 06:30, '2026-11-24 06:30', 2026-11-24T06:30:00Z)`,
      );
    }
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
function lineWriterOf(
  context: Context,
  { flag, value }: Arguments<typeof table.options[number]>,
): (named: boolean) => LineWriter {
  const { window, paint } = outputForm(context);
  const form = value("time") ?? "local";
  const time: TimeForm | undefined = TIME_FORMS.find((known) => known === form);
  if (time === undefined) {
    throw new UsageError(`no form of a moment: ${form} (there are ${TIME_FORMS.join(", ")})`);
  }
  let writer: LineWriter | undefined;
  return (named) =>
    writer ??= new LineWriter({
      time,
      json: flag("json"),
      named,
      safe: window !== undefined,
      paint,
    });
}

/** @param since Unix seconds: for log directories that come later: no older lines are printed */
async function follow(
  reading: LogReading,
  { services, everything, keptOutput }: ChosenLogs,
  since: number,
): Promise<void> {
  using hub = new EventHub();
  using stack = new DisposableStack();
  reading.follow(hub);
  keptOutput?.follow(hub, (lines) => reading.tellKept(lines));
  if (services !== undefined) {
    stack.use(
      new LogArrivals(hub, {
        ...services,
        everything,
        onLogs: (found) => {
          reading.lookAgain();
          for (const one of found) {
            if (!reading.has(one.logdir)) {
              reading.join(one, hub, since).catch((error) => hub.fail(error));
            }
          }
        },
      }),
    );
  }
  await hub.run();
}
