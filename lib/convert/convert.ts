/** Configurations in YAML, of Compose and process-compose, and all that lib/importer reads. */
import { byBytes } from "../core/text/bytes.ts";
import { baseName, dirName } from "../core/text/path_name.ts";
import { parseEnvironmentFile } from "../grammars/core/environment_file.ts";
import { Refusal } from "../grammars/core/refusal.ts";
import { Notes } from "../importer/core/import_notes.ts";
import type { ImportOptions } from "../importer/core/language.ts";
import type { Imported, ImportedService } from "../importer/core/service_plan.ts";
import { type Format, formatOf, FORMATS, importFrom } from "../importer/import.ts";
import { absolutePath, isPathOfDirectory, readConfiguration } from "../importer/source.ts";
import { tryStat } from "../libc/stat.ts";
import { FileFindings } from "../onefile/core/file_findings.ts";
import { entryOf, type LocatedMap } from "../onefile/core/located.ts";
import { mergeNodes } from "../onefile/core/merge_documents.ts";
import { DOCUMENT } from "../onefile/core/service_keys.ts";
import { readDocument } from "../onefile/read_document.ts";
import { composeDrafts } from "./core/compose_drafts.ts";
import type { Draft } from "./core/draft.ts";
import { directoriesOf } from "./core/draft_directories.ts";
import { processComposeDrafts } from "./core/process_compose_drafts.ts";

export const ALL_FORMATS = [...FORMATS, "compose", "process-compose"] as const;
export type AnyFormat = (typeof ALL_FORMATS)[number];
type YamlFormat = Exclude<AnyFormat, Format>;
const TOP: Readonly<Record<YamlFormat, string>> = {
  compose: "services",
  "process-compose": "processes",
};

/** What was imported; `drafts` if it comes from YAML. */
export interface AnyImported extends Imported {
  readonly drafts?: readonly Draft[];
}

export interface AnyOptions extends ImportOptions {
  readonly environment: ReadonlyMap<string, string>;
  /** Only drafts are wanted. */
  readonly isYaml: boolean;
}

/** Undefined if it looks like none of them. @throws {SyscallError} If it can't be looked at. */
export function anyFormatOf(path: string): AnyFormat | undefined {
  if (isPathOfDirectory(path) || !/\.(?:ya?ml|json)$/.test(path)) return formatOf(path);
  const text = readConfiguration(path);
  return (["process-compose", "compose"] as const).find((format) =>
    new RegExp(`^[{\\s]*"?${TOP[format]}"?\\s*:`, "m").test(text)
  );
}

/** @throws {Refusal} If its origin would refuse it too. @throws {SyscallError} */
export function importAny(path: string, format: AnyFormat, options: AnyOptions): AnyImported {
  if (format !== "compose" && format !== "process-compose") {
    return importFrom(path, format, options);
  }
  const notes = new Notes();
  const directory = dirName(absolutePath(path));
  const document = merged(path, notes);
  if (entryOf(document, TOP[format]) === undefined) {
    throw new Refusal({ file: path, line: 1 }, `there is no key ${TOP[format]}`);
  }
  const dotEnv = dotEnvOf(directory);
  const drafts = format === "compose"
    ? composeDrafts(document, (file) => {
      const other = file.startsWith("/") ? file : `${directory}/${file}`;
      return isThere(other) ? documentOf(other) : undefined;
    }, notes)
    : processComposeDrafts(document, { directory, hasDotEnv: dotEnv !== undefined }, notes);
  const variables = new Map(
    parseEnvironmentFile(dotEnv ?? "", "compose", (name) => options.environment.get(name))
      .variables,
  );
  const services: ImportedService[] = options.isYaml ? [] : directoriesOf(drafts, {
    language: options,
    directory,
    lookup: (name) => options.environment.get(name) ?? variables.get(name),
  }, notes);
  return { services, notes: notes.all, drafts };
}

function isThere(path: string): boolean {
  return typeof tryStat(path) !== "number";
}

function dotEnvOf(directory: string): string | undefined {
  const path = `${directory}/.env`;
  return isThere(path) ? readConfiguration(path) : undefined;
}

/** The file, and the one that overrides it: `compose.override.yaml` beside `compose.yaml`. */
function merged(path: string, notes: Notes): LocatedMap {
  const document = documentOf(path);
  const name = baseName(path);
  const stem = /^((?:docker-|process-)?compose)\.ya?ml$/.exec(name)?.[1];
  const others = ["yml", "yaml"].map((end) => `${stem}.override.${end}`).sort(byBytes)
    .map((other) => path.slice(0, path.length - name.length) + other);
  const other = stem === undefined ? undefined : others.find(isThere);
  if (other === undefined) return document;
  notes.add({ file: other, line: 1 }, `${baseName(other)} is merged into it`, "changed");
  return mergeNodes(document, documentOf(other), DOCUMENT) as LocatedMap;
}

/** @throws {Refusal} If it is no document, with its place. */
function documentOf(path: string): LocatedMap {
  const findings = new FileFindings();
  const node = readDocument(path, readConfiguration(path), findings);
  const [first] = findings.all;
  if (node === undefined || first !== undefined) {
    throw new Refusal(first?.place ?? { file: path, line: 1 }, first?.text ?? "it is empty");
  }
  if (node.kind !== "map") throw new Refusal(node.place, "a map is needed here");
  return node;
}
