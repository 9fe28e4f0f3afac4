/** hexad status: what all services are doing. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { EACCES, strerror } from "../../lib/core/linux/errno.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { parseDuration } from "../../lib/core/time/human_units.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import type { ServiceReport } from "../../lib/status/core/service_report.ts";
import { isWell } from "../../lib/status/core/service_state.ts";
import {
  isAllWell,
  statusDocument,
  type StatusOverview,
} from "../../lib/status/core/status_document.ts";
import { oneshotTable } from "../../lib/status/core/oneshot_table.ts";
import type { StatusTable } from "../../lib/status/core/status_table.ts";
import { statusTable } from "../../lib/status/core/status_table.ts";
import { tainToUnix } from "../../lib/core/time/tain.ts";
import { tableLines } from "../../lib/core/text/text_table.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import { lastLine } from "../../lib/logdir/last_line.ts";
import { outputLogdir } from "../../lib/rc/core/live_record.ts";
import { reportOn } from "../../lib/tree/overview.ts";
import { isBooting, isScanned } from "../../lib/tree/services.ts";
import { textWidth } from "../../lib/terminal/text_width.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { outputForm } from "./output_form.ts";
import { chooseOneshots, chooseServices, type ChosenServices } from "./service_operands.ts";

const EXIT_NOT_WELL = 1;
const DEFAULT_INTERVAL = "2s";
const SHORTEST_INTERVAL_SECONDS = 0.1;

export const table = {
  summary:
    "Shows what services are doing: state, since when, restarts, last exit, memory, processor, last log line; and oneshots.",
  usage: "[-lj] [-w] [-i TIME] [-S DIR] [SERVICE...]",
  operands: "service",
  options: [
    SCANDIR_OPTION,
    {
      short: "l",
      long: "loggers",
      text:
        "show loggers that are well too, each after its service; by default only those that are not",
    },
    {
      short: "j",
      long: "json",
      text:
        "print a JSON document for programs, loggers included; docs/status.schema.json describes it",
    },
    {
      short: "w",
      long: "watch",
      text: "go on until interrupted: look again at each event; with --json, a document a line",
    },
    {
      short: "i",
      long: "interval",
      arg: "TIME",
      kind: "duration",
      text: `with --watch, which it implies: look also every so often; default ${DEFAULT_INTERVAL}`,
    },
  ],
  exits: [
    [
      "0",
      "every service that should be up is up, ready if it tells readiness, healthy if that is checked, and not paused; no oneshot has failed",
    ],
    ["1", "some service is not, s6-rc could not start something, or /init still boots"],
    ["100", "wrong usage, no such service, or no scan directory"],
    ["111", "system call failed"],
  ],
  example: "hexad status\nhexad status --json web db",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const { flag, value, operands } = given;
  const intervalMs = intervalOf(given);
  const chosen = chooseServices({
    operands,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
    withOneshots: true,
  });
  const first = overviewOf(chosen, reportOn(chosen.services, chosen.all));
  refuseIfBlind(first.reports);
  if (flag("watch") || value("interval") !== undefined) {
    const { watchStatus } = await import("./status_watch.ts");
    const inPlace = !flag("json") && outputForm(context).window !== undefined;
    const render = (reports: readonly ServiceReport[]): string =>
      watchedText(
        context,
        given,
        overviewOf({ ...oneshotsAgain(chosen, operands), booting: stillBoots(chosen) }, reports),
        inPlace,
      );
    await watchStatus(context, {
      chosen,
      everything: operands.length === 0,
      intervalMs,
      inPlace,
      render,
    });
  }
  if (flag("json")) context.out(`${JSON.stringify(statusDocument(first), null, 2)}\n`);
  else {
    context.out(tableText(context, given, first, { percent: false }));
    warnIfUnscanned(context, first);
    if (first.booting) context.warn("/init still boots: services may be yet to come");
  }
  return isAllWell(first) ? 0 : EXIT_NOT_WELL;
}

function intervalOf({ value }: Arguments<typeof table.options[number]>): number {
  const text = value("interval") ?? DEFAULT_INTERVAL;
  const seconds = parseDuration(text);
  if (seconds === undefined || seconds < SHORTEST_INTERVAL_SECONDS) {
    throw new UsageError(
      `no interval: ${text} (a duration of at least ${SHORTEST_INTERVAL_SECONDS}s)`,
    );
  }
  return seconds * 1000;
}

/** It has booted once for all. */
function stillBoots({ scandir, booting }: ChosenServices): boolean {
  return booting && isBooting(scandir!);
}

/** The oneshots as they are now. */
function oneshotsAgain(chosen: ChosenServices, operands: readonly string[]): ChosenServices {
  if (chosen.scandir === undefined) return chosen;
  return { ...chosen, ...chooseOneshots(chosen.scandir, chosen.all, operands) };
}

function overviewOf(
  { scandir, booting, oneshots, leftOut }: ChosenServices,
  reports: readonly ServiceReport[],
): StatusOverview {
  return {
    now: wallclock(),
    scandir,
    scanned: scandir === undefined ? undefined : isScanned(scandir),
    booting,
    reports,
    oneshots: oneshots.map(({ service, record, live }) => {
      const line = lastLine(outputLogdir(live, service.name));
      return { service, live: record, ...(line === undefined ? {} : { lastLine: line }) };
    }),
    leftOut,
  };
}

/** Loggers that are well are only shown if they were asked for. */
function shownReports(
  { flag, operands }: Arguments<typeof table.options[number]>,
  { reports }: StatusOverview,
): readonly ServiceReport[] {
  return flag("loggers") || operands.length > 0
    ? reports
    : reports.filter(({ facts }) => !facts.isLogger || !isWell(facts));
}

function tableText(
  context: Context,
  given: Arguments<typeof table.options[number]>,
  overview: StatusOverview,
  options: { readonly percent: boolean },
): string {
  const reports = shownReports(given, overview);
  const { oneshots, leftOut, now } = overview;
  const isEmpty = oneshots.length + leftOut.length === 0;
  if (reports.length === 0 && isEmpty) return `no services in ${overview.scandir}\n`;
  const { seconds, nano } = tainToUnix(now);
  const nowMs = Number(seconds) * 1000 + nano / 1e6;
  return [
    ...(reports.length === 0 ? [] : [statusTable(reports, now, options)]),
    ...(isEmpty ? [] : [oneshotTable(oneshots, leftOut, nowMs)]),
  ].map((table) => linesOf(context, table)).join("\n");
}

function linesOf(context: Context, { columns, rows }: StatusTable): string {
  const { width, paint } = outputForm(context);
  return tableLines(columns, rows, { ...(width === undefined ? {} : { width }), textWidth, paint })
    .map((line) => `${line}\n`).join("");
}

/**
 * One look of many: as much as the terminal has room for; elsewhere an empty line stands between
 * them.
 */
function watchedText(
  context: Context,
  given: Arguments<typeof table.options[number]>,
  overview: StatusOverview,
  inPlace: boolean,
): string {
  if (given.flag("json")) return `${JSON.stringify(statusDocument(overview))}\n`;
  const text = tableText(context, given, overview, { percent: true });
  if (!inPlace) return `${text}\n`;
  const rows = outputForm(context).window!.rows;
  const lines = text.trimEnd().split("\n");
  if (lines.length <= rows) return text;
  return [
    ...lines.slice(0, rows - 1),
    `and ${lines.length - rows + 1} more, which a larger window would show`,
  ].join("\n");
}

/** A table of nothing but refusals helps nobody. */
function refuseIfBlind(reports: readonly ServiceReport[]): void {
  const denied = strerror(EACCES);
  if (reports.length === 0 || !reports.every(({ facts }) => facts.fault === denied)) return;
  throw new Failure(
    EXIT_SYSTEM,
    `unable to look into ${
      reports[0]!.facts.directory
    }/supervise: ${denied}; be root, or let everybody look: s6-svperms -o SERVICEDIR`,
  );
}

function warnIfUnscanned(context: Context, { scandir, scanned, reports }: StatusOverview): void {
  if (
    scanned !== false || reports.some(({ facts }) => facts.supervised || facts.fault !== undefined)
  ) return;
  context.warn(
    `nothing supervises ${scandir}: no s6-svscan runs there; start one with: s6-svscan ${scandir}`,
  );
}
