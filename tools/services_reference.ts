/**
 * Writes what is made of the table of services.yaml: docs/services.schema.json, and the tables of
 * docs/services-yaml.md. tests/lint/services_document_test.ts compares them.
 */
import { foreignTable, referenceTables } from "../lib/onefile/core/reference_page.ts";
import { servicesSchema } from "../lib/onefile/core/value_schema.ts";
import { run } from "./command.ts";
import { ROOT } from "./layout.ts";

const PAGE = `${ROOT}/docs/services-yaml.md`;
const SCHEMA = `${ROOT}/docs/services.schema.json`;
export const BEGIN = "<!-- tools/services_reference.ts writes what follows -->";

/** A table of Markdown, not yet aligned. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...body.map(line)].join("\n");
}

/** The reference: a heading and a table for each map of keys. */
export function referenceText(): string {
  const tables = referenceTables().map(({ heading, rows }) =>
    `## ${heading}\n\n${markdownTable(rows)}\n`
  );
  return [...tables, `## Keys without an effect\n\n${markdownTable(foreignTable())}\n`].join("\n");
}

if (import.meta.main) {
  const page = await Deno.readTextFile(PAGE);
  await Deno.writeTextFile(PAGE, `${page.split(BEGIN)[0]}${BEGIN}\n\n${referenceText()}`);
  await Deno.writeTextFile(SCHEMA, `${JSON.stringify(servicesSchema(), null, 2)}\n`);
  await run(Deno.execPath(), ["fmt", "--quiet", PAGE, SCHEMA], { cwd: ROOT, doing: "format them" });
}
