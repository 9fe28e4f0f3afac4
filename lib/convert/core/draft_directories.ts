/** Drafts as service directories: without the order of services, which is told. Pure. */
import type { Notes } from "../../importer/core/import_notes.ts";
import type { ImportedService } from "../../importer/core/service_plan.ts";
import { HEXAD_OF_DEFINITIONS } from "../../onefile/core/refused_keys.ts";
import type { Draft, DraftMap } from "./draft.ts";
import { type DraftRequest, noteFaults, renderDrafts } from "./located_drafts.ts";

const NO_ORDER =
  "service directories start all at once; with --yaml, or definitions for s6-rc, it is kept";

/** A service that its renderer refuses is told, and left out. */
export function directoriesOf(
  drafts: readonly Draft[],
  request: Omit<DraftRequest, "form">,
  notes: Notes,
): ImportedService[] {
  return drafts.flatMap((draft) => {
    const plain = { ...draft, values: withoutOrder(draft, notes) };
    const { findings, rendered } = renderDrafts([plain], { ...request, form: "directories" });
    noteFaults(findings, notes);
    for (const { severity, place, text } of findings.all) {
      if (severity === "note") notes.add(place, text);
    }
    return findings.hasErrors ? [] : rendered;
  });
}

function withoutOrder({ values, origin }: Draft, notes: Notes): DraftMap {
  const given = values["x-hexad"];
  const hexad = typeof given === "object" ? given as DraftMap : {};
  const lost = Object.keys(hexad).filter((key) => HEXAD_OF_DEFINITIONS.some((one) => one === key));
  if (values["depends_on"] !== undefined) lost.push("depends_on");
  for (const key of lost) notes.add(origin, `${key}: ${NO_ORDER}`, "lost", NO_ORDER);
  const own = (map: DraftMap): DraftMap =>
    Object.fromEntries(Object.entries(map).filter(([key]) => !lost.includes(key)));
  return { ...own(values), "x-hexad": own(hexad) };
}
