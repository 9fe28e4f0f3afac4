/**
 * The table of figures at the top of docs/bench.md: what is gained and what is lost, in one place.
 * Pure.
 */
import type { Highlight } from "./row.ts";

export const BEGIN = "<!-- figures: written by the benchmark -->";
export const END = "<!-- end of the figures -->";

/** A table of the suites side by side; a suite without a figure has an empty cell. */
export function figuresTable(suites: readonly string[], highlights: readonly Highlight[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = highlights.map(({ what, figures }) =>
    line([what, ...suites.map((name) => figures[name] ?? "")])
  );
  return [line(["", ...suites]), line(["", ...suites].map(() => "---")), ...rows].join("\n");
}

/**
 * The document with `text` between its two marks.
 *
 * @throws {SyntaxError} If it has not both of them.
 */
export function withFigures(document: string, text: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new SyntaxError(`the document has no lines ${BEGIN} and ${END}`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${document.slice(end)}`;
}
