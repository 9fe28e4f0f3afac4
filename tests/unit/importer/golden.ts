/** What an import made, as text that can be compared and read. */
import { reportText } from "../../../lib/importer/core/import_report.ts";
import { Refusal } from "../../../lib/grammars/core/refusal.ts";
import type { Imported } from "../../../lib/importer/core/service_plan.ts";

/** @param places Names of this machine, and what they are called in the text. */
export function importedText(
  { services, notes }: Imported,
  places: readonly (readonly [string, string])[],
): string {
  const files = services.flatMap(({ name, files }) =>
    files.map(({ path, text, executable }) =>
      `==> ${name}/${path}${executable ? " (executable)" : ""}\n${text}${
        text === "" || text.endsWith("\n") ? "" : "\n"
      }`
    )
  );
  const report = reportText(services, notes, { parent: "", isDry: true, isVerbose: true });
  const whole = `${files.join("")}==> notes\n${report}`.replaceAll("\0", "\\0");
  return places.reduce((text, [from, to]) => text.replaceAll(from, to), whole);
}

/** The same, or what is said where nothing is made of it. */
export function importedOrRefused(
  read: () => Imported,
  places: readonly (readonly [string, string])[],
): string {
  try {
    return importedText(read(), places);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const whole = `==> refused\n${error.message}\n`;
    return places.reduce((text, [from, to]) => text.replaceAll(from, to), whole);
  }
}
