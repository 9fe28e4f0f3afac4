/** The report as Markdown, with two marks at its top for the table of figures. Pure. */
import { BEGIN, END } from "./figures_table.ts";
import type { Machine } from "./machine.ts";
import type { Bar, Notes, Section, Table } from "./row.ts";

export interface Report {
  /** The command that was run. */
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly fileSystem: string;
  /** Name and version of each suite. */
  readonly suites: readonly string[];
  readonly sections: readonly Section[];
  /** What could not be measured: a row, and why. */
  readonly failures: readonly string[];
  /** The charts are drawn, beside the report. */
  readonly charts: boolean;
}

function table({ head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function barTable(bars: readonly Bar[]): string {
  const rows = bars.map((
    { what, bar, reached, met },
  ) => [what, bar, reached, met ? "yes" : "**no**"]);
  return table({ head: ["what", "bar", "reached", "met"], rows });
}

function machineLines({ machine, fileSystem, suites, date }: Report): string {
  return [
    `- ${machine.processor}, ${machine.cores} cores, ${
      machine.memoryGiB.toFixed(0)
    } GiB; Linux ${machine.kernel}; ${machine.distribution}`,
    `- load averages at the start ${
      machine.load.map((load) => load.toFixed(2)).join(", ")
    }; all ran with niceness ${machine.niceness}; ${date}`,
    `- limits of the suites: open files ${machine.openFiles}, processes ${machine.processes} (soft/hard)`,
    `- service directories on ${fileSystem}, the same for all`,
    `- ${suites.join("; ")}`,
  ].join("\n");
}

function noteParts({ title, text, table: figures }: Notes): string[] {
  return [`### ${title}`, ...text, table(figures)];
}

function section({ title, method, tables, charts = [], notes }: Section, drawn: boolean): string {
  const images = drawn ? charts.map((chart) => `![${chart.title}](${chart.file})`) : [];
  return [
    `## ${title}`,
    ...method,
    ...images,
    ...tables.map(table),
    ...(notes === undefined ? [] : noteParts(notes)),
  ].join("\n\n");
}

export function markdown(report: Report): string {
  const bars = report.sections.flatMap(({ bars }) => bars);
  const parts = [
    "# Figures",
    "Many services need less memory with hexad, and a log takes more lines. It loses on disk, with a " +
    "handful of services, and wherever a client command is run by itself, since the runtime comes with it. " +
    "Medians of one run:",
    BEGIN,
    END,
    `Written by \`${report.command}\`. All suites ran on one machine in one run, by turns; figures are medians, with the quartiles in ` +
    "parentheses. A ratio is the median of the ratios of each round, so what else the machine did is in both of its terms. " +
    "Compare ratios, not figures, with other machines.",
    machineLines(report),
    ...(bars.length === 0 ? [] : ["## Budgets", barTable(bars)]),
    ...report.failures.map((failure) => `**Not measured:** ${failure}`),
    ...report.sections.map((one) => section(one, report.charts)),
  ];
  return `${parts.join("\n\n")}\n`;
}
