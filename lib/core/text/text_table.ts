/**
 * A table that fits into a width: columns that may shrink do, and if that is not enough the least
 * important ones go.
 *
 * The last column of a line is not padded, so no line ends in blanks. How wide a text is on a
 * terminal is the caller's knowledge. Pure.
 */

/** A name of a style; what it looks like is the caller's. */
export type Style = string;

export interface Cell {
  readonly text: string;
  readonly style?: Style;
}

export interface Column {
  readonly title: string;
  readonly align?: "right";
  /**
   * It may be cut down to so many cells of the terminal; a column without it is shown whole or not
   * at all.
   */
  readonly shrinksTo?: number;
  /** The column of the lowest number goes first; one without stays. */
  readonly importance?: number;
}

export interface TableOptions {
  /** Cells of a line; absent: as many as are needed. */
  readonly width?: number;
  textWidth(text: string): number;
  paint(text: string, style: Style): string;
}

const GAP = "  ";
const CUT = "…";

/** The lines of the table, its titles first. Every row has a cell for each column. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions,
): string[] {
  const titles = columns.map(({ title }) => ({ text: title, style: "title" }));
  const all = [titles, ...rows];
  const natural = columns.map((_, at) =>
    Math.max(...all.map((row) => options.textWidth(row[at]!.text)))
  );
  const widths = fittedWidths(columns, natural, options.width);
  return all.map((row) => line(columns, row, widths, options));
}

/** The width of each column, undefined for one that is left out. */
function fittedWidths(
  columns: readonly Column[],
  natural: readonly number[],
  limit: number | undefined,
): (number | undefined)[] {
  const widths: (number | undefined)[] = [...natural];
  if (limit === undefined) return widths;
  const gone = columns.map((column, at) => ({ column, at })).filter(({ column }) =>
    column.importance !== undefined
  )
    .sort((a, b) => a.column.importance! - b.column.importance!);
  while (leastWidth(columns, widths) > limit && gone.length > 0) {
    widths[gone.shift()!.at] = undefined;
  }
  // from the last column to the first: what stands in front is what one looks for
  for (let at = columns.length - 1; at >= 0; at--) {
    const excess = totalWidth(widths) - limit;
    const width = widths[at];
    const least = columns[at]!.shrinksTo;
    if (excess > 0 && width !== undefined && least !== undefined) {
      widths[at] = Math.max(Math.min(least, width), width - excess);
    }
  }
  return widths;
}

function totalWidth(widths: readonly (number | undefined)[]): number {
  const shown = widths.filter((width) => width !== undefined);
  return shown.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, shown.length - 1);
}

function leastWidth(columns: readonly Column[], widths: readonly (number | undefined)[]): number {
  return totalWidth(
    widths.map((width, at) =>
      width === undefined ? undefined : Math.min(width, columns[at]!.shrinksTo ?? width)
    ),
  );
}

function line(
  columns: readonly Column[],
  row: readonly Cell[],
  widths: readonly (number | undefined)[],
  options: TableOptions,
): string {
  const shown = columns.map((column, at) => ({ column, cell: row[at]!, width: widths[at] })).filter(
    ({ width }) => width !== undefined,
  );
  let text = "";
  let owed = ""; // blanks that are written only if something follows
  for (const { column, cell, width } of shown) {
    const cut = cutText(cell.text, width!, options.textWidth);
    const blanks = " ".repeat(Math.max(0, width! - options.textWidth(cut)));
    const painted = cell.style === undefined || cut === "" ? cut : options.paint(cut, cell.style);
    if (cut !== "") {
      text += column.align === "right" ? owed + blanks + painted : owed + painted;
      owed = column.align === "right" ? GAP : blanks + GAP;
    } else owed += blanks + GAP;
  }
  return text;
}

/** The text, or as much of it as fits with a mark that something is missing. */
export function cutText(text: string, width: number, textWidth: (text: string) => number): string {
  if (textWidth(text) <= width) return text;
  let kept = "";
  let used = 0;
  for (const character of text) {
    used += textWidth(character);
    if (used > width - 1) break;
    kept += character;
  }
  return width > 0 ? kept + CUT : "";
}
