/**
 * Drafts as the reader of services.yaml has documents, each value at the place where its service
 * comes from: so what is wrong with them is told in terms of the origin, and they can be rendered.
 * Pure.
 */
import type { Notes } from "../../importer/core/import_notes.ts";
import type { Language } from "../../importer/core/language.ts";
import type { RcDefinition } from "../../importer/core/rc_definition.ts";
import { FileFindings } from "../../onefile/core/file_findings.ts";
import { fillVariables } from "../../onefile/core/fill_document.ts";
import type { LocatedMap, LocatedNode, Place } from "../../onefile/core/located.ts";
import { readValue } from "../../onefile/core/read_value.ts";
import { MARK, type RenderForm, renderServices } from "../../onefile/core/render_services.ts";
import { DOCUMENT } from "../../onefile/core/service_keys.ts";
import type { Draft, DraftValue } from "./draft.ts";

export interface DraftRequest {
  readonly form: RenderForm;
  readonly language: Language;
  /** For relative names of files of variables. */
  readonly directory: string;
  /** The values of variables. */
  lookup(name: string): string | undefined;
}

export function renderDrafts(
  drafts: readonly Draft[],
  { form, language, directory, lookup }: DraftRequest,
): { readonly findings: FileFindings; readonly rendered: readonly RcDefinition[] } {
  const findings = new FileFindings();
  const filled = fillVariables(servicesOf(drafts), lookup, findings);
  const place = filled.place;
  const node: LocatedMap = {
    kind: "map",
    place,
    entries: [{ key: "services", place, value: filled }],
  };
  const rendered = renderServices(readValue(DOCUMENT, node, findings) ?? {}, {
    form,
    language,
    directory,
    profiles: [],
    withContenv: false,
    dependencies: [],
  }, findings);
  return { findings, rendered: rendered.filter(({ name }) => name !== MARK) };
}

const NO_COMMAND = "a command is needed";
const OF_IMAGE =
  "; if it came from an image, docker image inspect shows its Entrypoint and Cmd: write both";

/** What the reader of such a file refuses, with its cure. */
export function noteFaults(findings: FileFindings, notes: Notes): void {
  for (const { severity, place, text } of findings.all) {
    if (severity === "error") {
      notes.add(place, text.endsWith(NO_COMMAND) ? `${text}${OF_IMAGE}` : text, "look");
    }
  }
}

function servicesOf(drafts: readonly Draft[]): LocatedMap {
  return {
    kind: "map",
    place: { file: drafts[0]?.origin.file ?? "", line: 1, column: 1 },
    entries: drafts.map(({ name, origin, values }) => {
      const place = { ...origin, column: 1 };
      return { key: name, place, value: located(values, place) };
    }),
  };
}

function located(value: DraftValue, place: Place): LocatedNode {
  switch (typeof value) {
    case "string":
      return { kind: "scalar", place, text: value, type: "text" };
    case "number":
      return { kind: "scalar", place, text: String(value), type: "number" };
    case "boolean":
      return { kind: "scalar", place, text: String(value), type: "boolean" };
    default:
      return isList(value)
        ? { kind: "list", place, items: value.map((item) => located(item, place)) }
        : {
          kind: "map",
          place,
          entries: Object.entries(value).map(([key, inner]) => ({
            key,
            place,
            value: located(inner, place),
          })),
        };
  }
}

function isList(value: object): value is readonly DraftValue[] {
  return Array.isArray(value);
}
