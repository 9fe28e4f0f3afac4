/**
 * Writes the tables of docs/metrics.md, out of the table of metrics.
 * tests/lint/metrics_document_test.ts compares them.
 */
import { metricsTables } from "../lib/metrics/core/metrics_page.ts";
import { run } from "./command.ts";
import { ROOT } from "./layout.ts";
import { markdownTable } from "./services_reference.ts";

const PAGE = `${ROOT}/docs/metrics.md`;
export const BEGIN = "<!-- tools/metrics_reference.ts writes what follows -->";

/** A heading and a table for each group of metrics. */
export function metricsReference(): string {
  return metricsTables().map(({ heading, rows }) => `### ${heading}\n\n${markdownTable(rows)}\n`)
    .join("\n");
}

if (import.meta.main) {
  const page = await Deno.readTextFile(PAGE);
  await Deno.writeTextFile(PAGE, `${page.split(BEGIN)[0]}${BEGIN}\n\n${metricsReference()}`);
  await run(Deno.execPath(), ["fmt", "--quiet", PAGE], { cwd: ROOT, doing: "format it" });
}
