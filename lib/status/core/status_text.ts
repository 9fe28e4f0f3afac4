/** What `hexad status` shows people: the tables and a line that sums them up. Pure. */
import { tableLines, type TableOptions } from "../../core/text/text_table.ts";
import { wrappedText } from "../../core/text/wrapped_text.ts";
import { tainToUnixMs } from "../../core/time/tain.ts";
import { oneshotTable } from "./oneshot_table.ts";
import { unwellFirst } from "./report_order.ts";
import type { ServiceReport } from "./service_report.ts";
import { isWell } from "./service_state.ts";
import type { StatusOverview } from "./status_document.ts";
import { summaryLine } from "./status_summary.ts";
import { type StatusTable, statusTable } from "./status_table.ts";

const INDENT = "  ";
const ONLY = " (--state not-well shows only what is not well)";
const MORE = " (a larger window shows more)";

export interface StatusForm extends TableOptions {
  /** Lines of the terminal; absent: there is none. */
  readonly rows?: number;
  /** No more lines than that: each text replaces the last one. */
  readonly inPlace: boolean;
  /** With the column of the processor's share. */
  readonly percent: boolean;
  /** The order of the services was asked for. */
  readonly isSorted: boolean;
  /** Services were asked for by their names: one of them needs no summary. */
  readonly isNamed: boolean;
}

/**
 * The lines for the services in `shown`, and whatever else is in the overview. Where a terminal has
 * too few lines, those that are not well come first, unless an order was asked for.
 */
export function statusText(
  overview: StatusOverview,
  shown: readonly ServiceReport[],
  form: StatusForm,
): string[] {
  const lines = tablesOf(overview, shown, form);
  if (form.isNamed && shown.length + overview.oneshots.length === 1) return lines.slice(0, -1);
  const { width = Infinity, textWidth } = form;
  const summary = (more = ""): string[] =>
    wrappedText(`${summaryLine(overview)}${more}`, width, textWidth);
  const room = form.rows === undefined ? Infinity : form.rows - (form.inPlace ? 0 : 1);
  if (lines.length + summary().length <= room) return [...lines, ...summary()];
  const ordered = form.isSorted ? lines : tablesOf(overview, unwellFirst(shown), form);
  if (!form.inPlace) return [...ordered, ...summary(isAnyUnwell(shown) ? ONLY : "")];
  const end = summary(MORE);
  return [...ordered.slice(0, Math.max(0, room - end.length)), ...end].slice(0, room);
}

function isAnyUnwell(reports: readonly ServiceReport[]): boolean {
  return reports.some(({ facts }) => !isWell(facts));
}

function tablesOf(
  { now, oneshots, leftOut }: StatusOverview,
  shown: readonly ServiceReport[],
  form: StatusForm,
): string[] {
  const tables = [
    ...(shown.length === 0 ? [] : [statusTable(shown, now, form)]),
    ...(oneshots.length + leftOut.length === 0
      ? []
      : [oneshotTable(oneshots, leftOut, tainToUnixMs(now))]),
  ];
  return tables.flatMap((table) => [...linesOf(table, form), ""]);
}

function linesOf({ columns, rows, notes }: StatusTable, form: StatusForm): string[] {
  const [head = "", ...lines] = tableLines(columns, rows, form);
  const { width, textWidth, paint } = form;
  const note = (text: string): string[] =>
    wrappedText(text, (width ?? Infinity) - INDENT.length, textWidth)
      .map((line) => paint(INDENT + line, "bad"));
  return [head, ...lines.flatMap((line, at) => [line, ...(notes?.[at] ?? []).flatMap(note)])];
}
