/** hexad status: what all services are doing. */
import { EACCES, strerror } from "../lib/core/errno.ts";
import type { NamedTable } from "../lib/core/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../lib/core/option_table.ts";
import type { ServiceReport } from "../lib/core/service_report.ts";
import { isWell } from "../lib/core/service_state.ts";
import { isAllWell, statusDocument, type StatusOverview } from "../lib/core/status_document.ts";
import { statusTable } from "../lib/core/status_table.ts";
import { tableLines } from "../lib/core/text_table.ts";
import { wallclock } from "../lib/libc/clock.ts";
import { reportOn } from "../lib/scandir/overview.ts";
import { isScanned } from "../lib/scandir/services.ts";
import { textWidth } from "../lib/terminal/text_width.ts";
import type { Context } from "./context.ts";
import { EXIT_SYSTEM, Failure } from "./context.ts";
import { parseArguments } from "./hexad_arguments.ts";
import { outputForm } from "./output_form.ts";
import { chooseServices, type ChosenServices } from "./service_operands.ts";

const EXIT_NOT_WELL = 1;

export const table: NamedTable = {
  summary: "Shows what services are doing: state, since when, restarts, last exit, memory, processor, last log line.",
  usage: "[-lj] [-S DIR] [SERVICE...]",
  operands: "service",
  options: [
    SCANDIR_OPTION,
    { short: "l", long: "loggers", text: "show loggers that are well too, each after its service; by default only those that are not" },
    { short: "j", long: "json", text: "print a JSON document for programs, loggers included; docs/status.schema.json describes it" },
  ],
  exits: [
    ["0", "every service that should be up is up, ready if it tells readiness, and not paused"],
    ["1", "some service is not"],
    ["100", "wrong usage, no such service, or no scan directory"],
    ["111", "system call failed"],
  ],
  example: "hexad status\nhexad status --json web db",
};

export function main(context: Context): number {
  const { flag, value, operands } = parseArguments(context.argv, table);
  const chosen = chooseServices({ operands, scandir: value("scandir"), variable: () => context.env.get(SCANDIR_VARIABLE) });
  const overview = lookAt(chosen);
  refuseIfBlind(overview.reports);
  if (flag("json")) context.out(`${JSON.stringify(statusDocument(overview), null, 2)}\n`);
  else {
    const all = flag("loggers") || operands.length > 0;
    context.out(
      tableText(context, all ? overview.reports : overview.reports.filter(({ facts }) => !facts.isLogger || !isWell(facts)), overview),
    );
    warnIfUnscanned(context, overview);
  }
  return isAllWell(overview) ? 0 : EXIT_NOT_WELL;
}

function lookAt({ scandir, places, all }: ChosenServices): StatusOverview {
  const reports = reportOn(places, all);
  return { now: wallclock(), scandir, scanned: scandir === undefined ? undefined : isScanned(scandir), reports };
}

function tableText(context: Context, reports: readonly ServiceReport[], { now, scandir }: StatusOverview): string {
  if (reports.length === 0) return `no services in ${scandir}\n`;
  const { columns, rows } = statusTable(reports, now, { percent: false });
  const { width, paint } = outputForm(context);
  return tableLines(columns, rows, { ...(width === undefined ? {} : { width }), textWidth, paint }).map((line) => `${line}\n`).join("");
}

/** A table of nothing but refusals helps nobody. */
function refuseIfBlind(reports: readonly ServiceReport[]): void {
  const denied = strerror(EACCES);
  if (reports.length === 0 || !reports.every(({ facts }) => facts.fault === denied)) return;
  throw new Failure(
    EXIT_SYSTEM,
    `unable to look into ${reports[0]!.facts.directory}/supervise: ${denied}; be root, or let everybody look: s6-svperms -o SERVICEDIR`,
  );
}

function warnIfUnscanned(context: Context, { scandir, scanned, reports }: StatusOverview): void {
  if (scanned !== false || reports.some(({ facts }) => facts.supervised || facts.fault !== undefined)) return;
  context.warn(`nothing supervises ${scandir}: no s6-svscan runs there; start one with: s6-svscan ${scandir}`);
}
