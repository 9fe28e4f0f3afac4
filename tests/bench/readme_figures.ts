/** The table of figures in the README: what is gained and what is lost, in one place. Pure. */
import type { Highlight } from "./row.ts";

const BEGIN = "<!-- figures: written by the benchmark -->";
const END = "<!-- end of the figures -->";

/** A table of the suites side by side; a suite without a figure has an empty cell. */
export function figuresTable(suites: readonly string[], highlights: readonly Highlight[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  const rows = highlights.map(({ what, figures }) =>
    line([what, ...suites.map((name) => figures[name] ?? "")])
  );
  return [line(["", ...suites]), line(["", ...suites].map(() => "---")), ...rows].join("\n");
}

/**
 * The README with `text` between its two marks.
 *
 * @throws {SyntaxError} If it has not both of them.
 */
export function withFigures(readme: string, text: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END, begin);
  if (begin < 0 || end < 0) throw new SyntaxError(`the README has no lines ${BEGIN} and ${END}`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${readme.slice(end)}`;
}
