/** hexad status: what all services are doing. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { EACCES, strerror } from "../../lib/core/linux/errno.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { parseDuration } from "../../lib/core/time/human_units.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { schemaPath } from "../../lib/core/cli/schema_path.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import type { ServiceReport } from "../../lib/status/core/service_report.ts";
import { isWell } from "../../lib/status/core/service_state.ts";
import {
  isAllWell,
  statusDocument,
  type StatusOverview,
} from "../../lib/status/core/status_document.ts";
import { SORTS } from "../../lib/status/core/report_order.ts";
import {
  parseStates,
  selected,
  type Selection,
  STATE_WORDS,
} from "../../lib/status/core/status_selection.ts";
import { statusText } from "../../lib/status/core/status_text.ts";
import { reportOn } from "../../lib/tree/overview.ts";
import { isBooting } from "../../lib/tree/services.ts";
import { newerProgram } from "../../lib/tree/newer_program.ts";
import { overviewOf } from "../../lib/tree/status_overview.ts";
import { printable } from "../../lib/core/text/printable.ts";
import { textWidth } from "../../lib/terminal/text_width.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { outputForm } from "./output_form.ts";
import { meansServed, TOKEN_OPTION, URL_OPTION } from "./remote/url_options.ts";
import { chooseServices, type ChosenServices, oneshotsAgain } from "./service_operands.ts";

const EXIT_NOT_WELL = 1;
const DEFAULT_INTERVAL = "2s";
const SHORTEST_INTERVAL_SECONDS = 0.1;

export const table = {
  summary:
    "Shows what services are doing: state, since when, restarts, last exit, memory, processor, last log line; and oneshots.",
  usage: "[-lj] [-s LIST] [-o KEY] [-w] [-i TIME] [-S DIR | --url URL] [SERVICE...]",
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
      short: "s",
      long: "state",
      arg: "LIST",
      kind: STATE_WORDS,
      text: `show only what is in one of these states, separated by commas: ${
        STATE_WORDS.join(", ")
      }`,
    },
    {
      short: "o",
      long: "sort",
      arg: "KEY",
      kind: SORTS,
      text: `sort by ${
        SORTS.join(", ")
      }; default: by name, or what is not well first if the terminal has too few lines`,
    },
    {
      short: "j",
      long: "json",
      text: `print a JSON document for programs, loggers included; ${
        schemaPath("status")
      } describes it`,
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
    URL_OPTION,
    TOKEN_OPTION,
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
  example:
    "hexad status\nhexad status --json web db\nhexad status --state failed,backing-off --sort restarts",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const { flag, value, operands } = given;
  const intervalMs = intervalOf(given);
  const selection = selectionOf(given);
  if (meansServed(given)) return await showServed(context, given);
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
        selected(
          overviewOf({ ...oneshotsAgain(chosen, operands), booting: stillBoots(chosen) }, reports),
          selection,
        ),
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
  if (!flag("json")) warnIfOutdated(context, first);
  return show(context, given, first);
}

/** One look. */
function show(
  context: Context,
  given: Arguments<typeof table.options[number]>,
  overview: StatusOverview,
): number {
  const shown = selected(overview, selectionOf(given));
  if (given.flag("json")) context.out(`${JSON.stringify(statusDocument(shown), null, 2)}\n`);
  else {
    context.out(textOf(context, given, shown, { percent: false, inPlace: false }));
    warnIfUnscanned(context, overview);
    if (overview.booting) context.warn("/init still boots: services may be yet to come");
  }
  return isAllWell(shown) ? 0 : EXIT_NOT_WELL;
}

/** A tree that another hexad serves; with --watch, a look after each interval. */
async function showServed(
  context: Context,
  given: Arguments<typeof table.options[number]>,
): Promise<number> {
  const { flag, value, operands } = given;
  const { remoteTree } = await import("./remote/remote_tree.ts");
  const { servedOverview } = await import("./remote/served_overview.ts");
  using tree = remoteTree(context, given);
  if (!flag("watch") && value("interval") === undefined) {
    return show(context, given, await servedOverview(tree, operands));
  }
  const inPlace = !flag("json") && outputForm(context).window !== undefined;
  const { watchServed } = await import("./status_watch.ts");
  return await watchServed(context, {
    intervalMs: intervalOf(given),
    inPlace,
    look: async () => {
      const overview = selected(await servedOverview(tree, operands), selectionOf(given));
      return watchedText(context, given, overview, inPlace);
    },
  });
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

/** Loggers that are well are only shown if they were asked for. */
function shownReports(
  { flag, operands }: Arguments<typeof table.options[number]>,
  { reports }: StatusOverview,
): readonly ServiceReport[] {
  return flag("loggers") || operands.length > 0
    ? reports
    : reports.filter(({ facts }) => !facts.isLogger || !isWell(facts));
}

/** The lines of a look: as many as the terminal has room for, if it is to stay in its place. */
function textOf(
  context: Context,
  given: Arguments<typeof table.options[number]>,
  overview: StatusOverview,
  options: { readonly percent: boolean; readonly inPlace: boolean },
): string {
  const { reports, oneshots, leftOut, scandir } = overview;
  if (reports.length + oneshots.length + leftOut.length === 0) {
    return given.value("state") === undefined
      ? `no services in ${scandir}\n`
      : `nothing is ${given.value("state")}\n`;
  }
  const { width, window, paint } = outputForm(context);
  const lines = statusText(overview, shownReports(given, overview), {
    ...options,
    ...(width === undefined ? {} : { width }),
    ...(window === undefined ? {} : { rows: window.rows }),
    isNamed: given.operands.length > 0,
    isSorted: given.value("sort") !== undefined,
    textWidth,
    paint,
  });
  return lines.map((line) => `${line}\n`).join("");
}

/** One look of many; an empty line stands between them where they don't replace each other. */
function watchedText(
  context: Context,
  given: Arguments<typeof table.options[number]>,
  overview: StatusOverview,
  inPlace: boolean,
): string {
  if (given.flag("json")) return `${JSON.stringify(statusDocument(overview))}\n`;
  const text = textOf(context, given, overview, { percent: true, inPlace });
  return inPlace ? text : `${text}\n`;
}

/** @throws {UsageError} If there is no such state or key. */
function selectionOf({ value }: Arguments<typeof table.options[number]>): Selection {
  const list = value("state");
  const states = list === undefined ? undefined : parseStates(list);
  if (states !== undefined && "unknown" in states) {
    throw new UsageError(`no state: ${states.unknown} (${STATE_WORDS.join(", ")})`);
  }
  const key = value("sort");
  const sort = SORTS.find((each) => each === key);
  if (key !== undefined && sort === undefined) {
    throw new UsageError(`no column to sort by: ${key} (${SORTS.join(", ")})`);
  }
  return { states, sort };
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

function warnIfOutdated(context: Context, { scandir, scanned }: StatusOverview): void {
  const newer = scanned === true ? newerProgram(scandir!) : undefined;
  if (newer === undefined) return;
  const cure = newer.isInit
    ? "start the container again"
    : `hexad reexec -S ${printable(scandir!)}`;
  context.warn(
    `process ${newer.pid}, which supervises, still runs the program that stood at ${
      printable(newer.path)
    } before; for the new one: ${cure}`,
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
