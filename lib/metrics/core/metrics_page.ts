/** The tables of docs/metrics.md, out of the table of metrics. Pure. */
import { type Metric, sampleName } from "./metric.ts";
import { METRICS } from "./metric_table.ts";

/** A heading, and the metrics below it: the names of all of them begin so. */
const GROUPS: readonly (readonly [heading: string, ...prefixes: string[]])[] = [
  ["Services", "hexad_service_"],
  ["Health checks", "hexad_health_"],
  ["Logs", "hexad_log_"],
  ["Oneshots", "hexad_oneshot_"],
  ["The boot", "hexad_boot_"],
  ["Starts", "hexad_start_"],
  ["The processes of hexad", "hexad_process_"],
  ["The tree", "hexad_tree", "hexad_build"],
];

export interface MetricsTable {
  readonly heading: string;
  readonly rows: readonly (readonly string[])[];
}

/** @throws {Error} If a metric belongs to no group. */
export function metricsTables(): MetricsTable[] {
  const left = new Map<string, Metric>(Object.entries(METRICS));
  const tables = GROUPS.map(([heading, ...prefixes]) => {
    const own = [...left].filter(([name]) => prefixes.some((prefix) => name.startsWith(prefix)));
    for (const [name] of own) left.delete(name);
    return {
      heading,
      rows: [["metric", "type", "labels", "what it says", "where it comes from"], ...own.map(row)],
    };
  });
  if (left.size > 0) throw new Error(`metrics without a heading: ${[...left.keys()].join(", ")}`);
  return tables;
}

function row([name, metric]: readonly [string, Metric]): string[] {
  const { type, labels, help, from } = metric;
  const names = labels.map((label) => `\`${label}\``).join(", ");
  return [`\`${sampleName(name, metric)}\``, type, names, withoutPeriod(help), from];
}

function withoutPeriod(text: string): string {
  return text.replace(/\.$/, "");
}
