/** What an import made, as text that can be compared and read. */
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
  const lines = notes.map(({ file, line, text }) => `${file}:${line}: ${text}\n`);
  const whole = `${files.join("")}==> notes\n${lines.join("")}`.replaceAll("\0", "\\0");
  return places.reduce((text, [from, to]) => text.replaceAll(from, to), whole);
}
