/**
 * The screen of `hexad top`: its lines, no more than there are rows, none wider than the columns.
 * What comes from outside has its control characters written out before it gets here or on the way.
 * Pure.
 */
import { printable } from "../../core/text/printable.ts";
import { missedText, oneshotWords } from "../../status/core/oneshot_report.ts";
import { oneshotCells } from "../../status/core/oneshot_table.ts";
import { isWell } from "../../status/core/service_state.ts";
import { counted } from "../../status/core/status_summary.ts";
import { notesOn, statusTable } from "../../status/core/status_table.ts";
import { type Tain, tainToUnixMs } from "../../core/time/tain.ts";
import { type Cell, type Column, cutText, tableLines } from "../../core/text/text_table.ts";
import {
  layoutOf,
  type LogPane,
  type Prompt,
  type ScreenSize,
  shownRows,
  type TopState,
} from "./top_state.ts";
import { DEFAULT_SIGNAL } from "./top_step.ts";

export interface ScreenOptions {
  readonly now: Tain;
  textWidth(text: string): number;
  paint(text: string, style: string): string;
}

const MARK: Column = { title: "" };

// deno-fmt-ignore
const HELP: readonly (readonly [keys: string, text: string])[] = [
  ["Up Down  j k", "select a service"],
  ["PgUp PgDn  g G", "a page; the first, the last"],
  ["Enter  l", "follow its log; q goes back"],
  ["r", "restart it"],
  ["s", "stop it, after asking"],
  ["u  S", "start it"],
  ["R", "have it reload"],
  ["p  c", "pause it; let it go on"],
  ["K", "send it a signal"],
  ["/", "show only names and states with a text in them"],
  ["o", "sort by another column"],
  ["a", "show loggers that are well too"],
  ["Ctrl-L  Ctrl-Z", "draw anew; to the shell"],
  ["q  Ctrl-C", "quit"],
];

const TABLE_HINTS = [
  "? help",
  "q quit",
  "Enter log",
  "r restart",
  "s stop",
  "u start",
  "K signal",
  "/ filter",
  "o sort",
];
const LOG_HINTS = ["q back", "Up Down scroll", "G newest", "? help"];

export function screenLines(state: TopState, options: ScreenOptions): string[] {
  const { rows } = state.size;
  const lines = state.help
    ? helpLines(state, options)
    : state.log === undefined
    ? tableScreen(state, options)
    : logScreen(state, state.log, options);
  return lines.slice(0, rows);
}

function cutTo({ columns }: ScreenSize, text: string, { textWidth }: ScreenOptions): string {
  return cutText(text, columns, textWidth);
}

function tableScreen(state: TopState, options: ScreenOptions): string[] {
  const layout = layoutOf(state.size);
  const foot = footLine(state, TABLE_HINTS, options);
  if (!layout.foot && (state.prompt !== undefined || state.message !== undefined)) return [foot];
  const [heads = "", ...rows] = rowLines(state, layout.rows, options);
  const body = Array.from({ length: layout.rows }, (_, at) => rows[at] ?? "");
  return [
    ...(layout.title ? [options.paint(cutTo(state.size, titleText(state), options), "title")] : []),
    ...(layout.heads ? [heads] : []),
    ...body,
    ...(layout.foot ? [foot] : []),
  ];
}

function titleText(
  { scandir, reports, oneshots, leftOut, filter, sort, prompt }: TopState,
): string {
  const services = reports.filter(({ facts }) => !facts.isLogger).length;
  const unwell = reports.filter(({ facts }) => !isWell(facts)).length +
    oneshots.filter(({ service }) => missedText(service) !== undefined).length;
  return [
    "hexad top",
    ...(scandir === undefined ? [] : [printable(scandir)]),
    [
      counted(services, "service"),
      ...(oneshots.length === 0 ? [] : [counted(oneshots.length, "oneshot")]),
      ...(leftOut.length === 0 ? [] : [`${counted(leftOut.length, "definition")} left out`]),
      unwell > 0 ? `${unwell} not well` : leftOut.length > 0 ? "the rest well" : "all well",
    ].join(", "),
    ...(sort === "name" ? [] : [`by ${sort}`]),
    ...(filter === "" || prompt?.kind === "filter" ? [] : [`only: ${printable(filter)}`]),
  ].join("  ");
}

/**
 * The heads, and the rows that are on the screen, each with a mark before it that tells the
 * selected one, also where there are no colours.
 */
function rowLines(
  state: TopState,
  room: number,
  { now, textWidth, paint }: ScreenOptions,
): string[] {
  const shownOnes = shownRows(state);
  const reports = shownOnes.flatMap((row) => "service" in row ? [row.service] : []);
  const oneshots = shownOnes.flatMap((row) => "oneshot" in row ? [row.oneshot] : []);
  const { columns, rows } = statusTable(
    reports,
    now,
    { percent: true },
    oneshots.map((oneshot) => oneshotCells(oneshot, tainToUnixMs(now))),
  );
  const isSelected = (at: number): boolean => shownOnes[at]!.target.directory === state.selected;
  const marked = rows.map((row, at): readonly Cell[] => [
    { text: isSelected(at) ? ">" : " " },
    ...row.map((cell) => isSelected(at) ? { text: cell.text } : cell),
  ]);
  const width = state.size.columns;
  // all of them, so that the columns stay where they are while one scrolls
  const lines = tableLines([MARK, ...columns], marked, { width, textWidth, paint });
  const shown = lines.slice(1 + state.first, 1 + state.first + room).map((line, at) => {
    if (!isSelected(state.first + at)) return cutPlain(line, width, textWidth, paint);
    const cut = cutText(line, width, textWidth);
    return paint(cut + " ".repeat(Math.max(0, width - textWidth(cut))), "chosen");
  });
  return [
    cutPlain(lines[0]!, width, textWidth, paint),
    ...(shownOnes.length === 0 ? [cutText(nothingText(state), width, textWidth)] : shown),
  ];
}

// deno-lint-ignore no-control-regex
const STYLED = /\x1b\[[0-9;]*m/g;

/** A line that is too wide though no more columns could go loses its styles with its end. */
function cutPlain(
  line: string,
  width: number,
  textWidth: (text: string) => number,
  paint: (text: string, style: string) => string,
): string {
  const plain = line.replace(STYLED, "");
  return textWidth(plain) <= width ? line : paint(cutText(plain, width, textWidth), "minor");
}

function nothingText({ filter }: TopState): string {
  return filter === "" ? "no services" : "nothing of that name or in that state; Escape shows all";
}

/** What is to be said of the selected row, where it has no room for it. */
function selectedNote(state: TopState): string | undefined {
  if (state.log !== undefined) return undefined;
  const row = shownRows(state).find(({ target }) => target.directory === state.selected);
  if (row === undefined) return undefined;
  if ("service" in row) return notesOn(row.service.facts)[0];
  const { service } = row.oneshot;
  return missedText(service) === undefined ? undefined : oneshotWords(service);
}

function footLine(state: TopState, hints: readonly string[], options: ScreenOptions): string {
  const { prompt, message, size } = state;
  if (prompt !== undefined) return promptLine(prompt, size, options);
  if (message !== undefined) {
    return options.paint(
      cutTo(size, printable(message.text), options),
      message.bad ? "bad" : "good",
    );
  }
  const note = selectedNote(state);
  if (note !== undefined) return options.paint(cutTo(size, note, options), "bad");
  let text = "";
  for (const hint of hints) {
    const longer = text === "" ? hint : `${text}  ${hint}`;
    if (options.textWidth(longer) > size.columns) break;
    text = longer;
  }
  return options.paint(text, "minor");
}

/** What is typed is seen at its end, where there is no room for all. */
function promptLine(
  prompt: Prompt,
  { columns }: ScreenSize,
  { textWidth, paint }: ScreenOptions,
): string {
  if (prompt.kind === "stop") {
    return paint(
      cutText(`stop ${printable(prompt.target.name)}? (y/n)`, columns, textWidth),
      "busy",
    );
  }
  const head = prompt.kind === "filter"
    ? "/"
    : `signal for ${printable(prompt.target.name)} (Enter: ${DEFAULT_SIGNAL}): `;
  let line = `${head}${printable(prompt.text)}_`;
  while (textWidth(line) > columns) line = line.slice(1);
  return line;
}

function helpLines({ size }: TopState, options: ScreenOptions): string[] {
  const lines = HELP.map(([keys, text]) => cutTo(size, `${keys.padEnd(16)} ${text}`, options));
  const room = Math.max(1, size.rows - 1);
  return [
    ...lines.slice(0, room),
    ...Array.from({ length: room - lines.length }, () => ""),
    options.paint(cutTo(size, "any key goes back", options), "minor"),
  ];
}

function logScreen(state: TopState, log: LogPane, options: ScreenOptions): string[] {
  const { rows, columns } = state.size;
  const withTitle = rows >= 3;
  const withFoot = rows >= 2;
  const room = Math.max(1, rows - Number(withTitle) - Number(withFoot));
  const body = lastRows(
    log.lines.slice(0, log.lines.length - log.below),
    room,
    columns,
    options.textWidth,
  );
  const where = log.below === 0
    ? "following"
    : `${log.below} ${log.below === 1 ? "line" : "lines"} below`;
  const title = cutTo(state.size, `${printable(log.target.name)}  log, ${where}`, options);
  return [
    ...(withTitle ? [options.paint(title, "title")] : []),
    ...body,
    ...Array.from({ length: room - body.length }, () => ""),
    ...(withFoot ? [footLine(state, LOG_HINTS, options)] : []),
  ];
}

/** The last rows that the lines fill, each line on as many rows as it needs. */
function lastRows(
  lines: readonly string[],
  room: number,
  columns: number,
  textWidth: (text: string) => number,
): string[] {
  let rows: string[] = [];
  for (let at = lines.length - 1; at >= 0 && rows.length < room; at--) {
    rows = [...wrapped(lines[at]!, columns, textWidth), ...rows];
  }
  return rows.slice(-room);
}

function wrapped(line: string, columns: number, textWidth: (text: string) => number): string[] {
  if (textWidth(line) <= columns) return [line];
  const rows: string[] = [];
  let row = "";
  let width = 0;
  for (const character of line) {
    const cells = textWidth(character);
    if (width + cells > columns && row !== "") {
      rows.push(row);
      row = "";
      width = 0;
    }
    row += character;
    width += cells;
  }
  return [...rows, row];
}
