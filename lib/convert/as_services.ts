/** What was imported, as the services of one services.yaml. */
import { Notes } from "../importer/core/import_notes.ts";
import type { Language } from "../importer/core/language.ts";
import type { ImportedService, ImportNote } from "../importer/core/service_plan.ts";
import { directoryDrafts } from "./core/directory_draft.ts";
import type { Draft } from "./core/draft.ts";
import { noteFaults, renderDrafts } from "./core/located_drafts.ts";
import { planDraft } from "./core/plan_draft.ts";

/** A number, a word and a path without a slash. */
const ANY_VALUE = "1";

export interface Drafts {
  readonly drafts: readonly Draft[];
  readonly notes: readonly ImportNote[];
}

/** @param services That have a plan or a directory */
export function draftsOf(services: readonly ImportedService[]): Drafts {
  const notes = new Notes();
  const drafts = services.flatMap(({ name, files, plan, directory = "." }) =>
    plan === undefined
      ? directoryDrafts({ name, files, directory }, notes)
      : [planDraft(plan, notes)]
  );
  return { drafts, notes: notes.all };
}

/** What the reader of such a file would not take. */
export function faultsOf(drafts: readonly Draft[], language: Language): ImportNote[] {
  const { findings } = renderDrafts(drafts, {
    form: "definitions",
    language,
    directory: "/",
    // only the file's place decides about values
    lookup: () => ANY_VALUE,
  });
  const notes = new Notes();
  noteFaults(findings, notes);
  return [...notes.all];
}
