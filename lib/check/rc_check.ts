/**
 * Definitions for s6-rc: everything that s6-rc-compile would refuse, and what it takes without a
 * word and nobody means. Source: docs/rc.md.
 */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { meantFileName } from "../servicedir/core/servicedir_files.ts";
import type { Definition } from "../rc/core/source/definition.ts";
import { isMisplaced, meantDefinitionFile } from "../rc/core/source/definition_names.ts";
import { findingsOf, type Notes, type RcFinding } from "../rc/core/source/finding.ts";
import { linkDefinitions } from "../rc/core/source/link.ts";
import { type ParsedSources, parseSources } from "../rc/core/source/parse_sources.ts";
import { OVERLAY_SOURCE, overlaySource, withUserTypes } from "../rc/core/source/overlay_source.ts";
import type { RawDefinition, RawSource } from "../rc/core/source/raw_definition.ts";
import { checkServicedirs } from "../rc/core/source/servicedir_files.ts";
import { checkContainerVariables } from "./contenv_check.ts";
import { checkOneshot, ONESHOT_HELPERS } from "./oneshot_check.ts";
import { checkRelations } from "./rc_relations.ts";
import { readSourceIn } from "./rc_sources.ts";
import type { Report } from "./report.ts";
import { checkService } from "./service_check.ts";

/** What a layer of an image adds to a definition that another layer has. */
const ADDITIONS: ReadonlySet<string> = new Set([
  "dependencies.d",
  "contents.d",
  "wants.d",
  "after.d",
  "before.d",
  "restarts-with.d",
]);

export interface SourceOptions {
  /** Boots with s6-overlay: `top`, `base` and the user's bundles have their meaning. */
  readonly overlay: boolean;
  /** Definitions of a base image may be missing. */
  readonly partial: boolean;
}

/** @param paths In the order in which they are compiled. */
export function checkSources(
  report: Report,
  paths: readonly string[],
  { overlay, partial }: SourceOptions,
): void {
  const read = paths.map((path) => readSourceIn(report.view, path)).map((source) =>
    overlay ? withUserTypes(source) : source
  );
  const sources = read.map((source) => partial ? withoutAdditions(source) : source);
  const own = new Set(sources.flatMap(({ definitions }) => definitions).map(({ name }) => name));
  const all = overlay ? [...sources, overlaySource(own)] : sources;
  const notes: Notes = [];
  const parsed = parseSources(all, notes);
  const database = linkDefinitions(parsed, notes);
  checkServicedirs(parsed.definitions, all, notes);
  const told = findingsOf(notes).filter(({ file }) => !file.startsWith(`${OVERLAY_SOURCE}/`));
  for (const finding of told) addFinding(report, finding, { partial, parsed });
  for (const source of sources) {
    for (const raw of source.definitions) {
      const definition = parsed.definitions.find(({ name, source: from }) =>
        name === raw.name && from === raw.source
      );
      if (definition !== undefined) checkDefinition(report, definition, raw, overlay);
    }
  }
  const broken = new Set(told.flatMap(({ spoils }) => spoils));
  checkRelations(report, { database, definitions: parsed.definitions, broken, overlay, partial });
}

/** Without what only adds to definitions of another layer. */
function withoutAdditions(source: RawSource): RawSource {
  const isAddition = ({ files, names }: RawDefinition): boolean =>
    !files.has("type") && names.length > 0 && names.every((name) => ADDITIONS.has(name));
  return { ...source, definitions: source.definitions.filter((raw) => !isAddition(raw)) };
}

/**
 * What a base image may bring is no error in a layer, unless it looks like a misspelt name of this
 * one.
 */
function addFinding(
  report: Report,
  finding: RcFinding,
  { partial, parsed }: { readonly partial: boolean; readonly parsed: ParsedSources },
): void {
  const { file, line, column, cause, cure, severity, text } = finding;
  const place = {
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
  };
  const crlf = /^invalid .*\/type: /.test(text) && cause.includes("CR LF");
  const name = / undefined service name (.*)$/s.exec(text)?.[1];
  if (
    partial && name !== undefined && parsed.register.typeOf(name) === "unknown" &&
    !cause.includes("?")
  ) {
    report.add(file, diagnosis("rc-elsewhere", name), place);
  } else {
    const found = severity === "error"
      ? diagnosis("rc-source", cause, cure)
      : diagnosis("rc-own-file", cause, cure);
    report.add(file, found, crlf ? { ...place, mend: { kind: "LF line ends" } } : place);
  }
}

function checkDefinition(
  report: Report,
  definition: Definition,
  raw: RawDefinition,
  overlay: boolean,
): void {
  const directory = `${raw.source}/${raw.name}`;
  checkNames(report, directory, definition, raw);
  if (definition.type === "bundle") {
    report.services++;
    return;
  }
  if (definition.type === "oneshot") {
    report.services++;
    checkOneshot(report, directory, raw, overlay);
    return;
  }
  checkService(report, directory, { isSource: true });
  if (overlay) {
    for (const name of ["run", "finish"]) checkContainerVariables(report, `${directory}/${name}`);
  }
}

/** Files that nothing reads: misspelt ones, and those of another type. */
function checkNames(
  report: Report,
  directory: string,
  { type }: Definition,
  { names }: RawDefinition,
): void {
  const there = new Set(names);
  for (const name of names) {
    const path = `${directory}/${name}`;
    if (name === "log" && type === "longrun" && report.view.isDirectory(path)) {
      report.add(path, diagnosis("rc-log"));
    } else if (type === "oneshot" && (ONESHOT_HELPERS as readonly string[]).includes(name)) {
      continue;
    } else if (name === "down" && type === "longrun") {
      report.add(
        path,
        diagnosis(
          "rc-ignored",
          name,
          type,
          "a longrun stops by its signal, and cleans up in finish",
        ),
      );
    } else if (isMisplaced(name, type)) {
      report.add(path, diagnosis("rc-ignored", name, type, CURES[name] ?? "remove it"));
    } else {
      // those of a service directory are looked at with its other files
      if (type === "longrun" && meantFileName(name) !== undefined) continue;
      const meant = meantDefinitionFile(name, type);
      const isFree = meant !== undefined && !there.has(meant.name);
      if (meant === undefined || (!isFree && !meant.sure)) continue;
      report.add(
        path,
        diagnosis("misspelt-name", meant.name),
        isFree && meant.sure ? { mend: { kind: "rename", to: meant.name } } : {},
      );
    }
  }
}

const CURES: Readonly<Record<string, string>> = {
  "dependencies.d": "give the members their dependencies",
  "contents.d": "only a bundle has contents: write bundle into type",
  "contents": "only a bundle has contents: write bundle into type",
  "notification-fd": "only a longrun tells when it is ready",
  "up": "a longrun is started by run",
};
