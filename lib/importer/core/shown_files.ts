/** The text that shows files that would be written, each behind its name. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { Imported } from "./service_plan.ts";

export function shownFiles(directories: Imported["services"]): string {
  return directories.flatMap(({ name, files }) =>
    files.map(({ path, text, executable }) => {
      const end = text === "" || text.endsWith("\n") ? "" : "\n";
      const head = `==> ${printable(`${name}/${path}`)}${executable ? " (executable)" : ""}\n`;
      return `${head}${text}${end}`;
    })
  ).join("");
}
