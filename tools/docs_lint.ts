/**
 * `deno task check:docs`: checks README.md, CONTRIBUTING.md, CHANGELOG.md, docs/ and examples/
 * (tools/lint/documents.ts has the rules).
 */
import { Fatal, runTool } from "./fatal.ts";
import {
  type Document,
  documentComplaints,
  missingCommands,
  missingSections,
  ownCommands,
  registeredCommands,
} from "./lint/documents.ts";
import { missingTests } from "./lint/fault_table.ts";
import { ROOT } from "./layout.ts";

function read(path: string): string | undefined {
  try {
    return Deno.statSync(`${ROOT}/${path}`).isDirectory
      ? ""
      : Deno.readTextFileSync(`${ROOT}/${path}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function readDocument(path: string): Document {
  const text = read(path);
  if (text === undefined) throw new Fatal(`there is no ${path}`);
  return { path, text };
}

/** The Markdown files under `directory`; none if there is no such directory. */
function documentsUnder(directory: string): Document[] {
  if (read(directory) === undefined) return [];
  const entries = [...Deno.readDirSync(`${ROOT}/${directory}`)].sort((a, b) =>
    a.name < b.name ? -1 : 1
  );
  return entries.flatMap(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return documentsUnder(path);
    return name.endsWith(".md") ? [readDocument(path)] : [];
  });
}

function lint(): Promise<number> {
  const documents = [
    ...["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(readDocument),
    ...documentsUnder("docs"),
    ...documentsUnder("examples"),
  ];
  const complaints = [
    ...documents.flatMap((document) => documentComplaints(document, read)),
    ...missingCommands(
      readDocument("docs/commands.md"),
      registeredCommands(readDocument("cmd/registry.ts").text),
    ),
    ...missingTests(readDocument("docs/faults.md"), read),
    ...missingSections(
      readDocument("docs/hexad.md"),
      ownCommands(readDocument("cmd/hexad/commands.ts").text),
    ),
  ];
  for (const complaint of complaints) console.error(complaint);
  if (complaints.length > 0) throw new Fatal(`${complaints.length} complaints`);
  console.error(`Checked ${documents.length} documents`);
  return Promise.resolve(0);
}

await runTool("docs_lint", lint);
