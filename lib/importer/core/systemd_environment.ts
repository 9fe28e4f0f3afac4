/**
 * The variables of a unit: Environment=, and the files of EnvironmentFile=, which are read at each
 * start. Source: systemd.exec(5), "Environment". Pure.
 */
import type { PlannedEnvironmentFiles } from "./service_plan.ts";
import type { UnitContext } from "./unit_context.ts";

/** Environment= in order: later values replace earlier ones. */
export function environmentOf(context: UnitContext): Map<string, string> {
  const variables = new Map<string, string>();
  for (const entry of context.service.takeAll("Environment")) {
    if (entry.value === "") variables.clear();
    for (const word of context.words(entry)) {
      const equals = word.indexOf("=");
      if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(word)) {
        variables.set(word.slice(0, equals), word.slice(equals + 1));
      } else context.notes.entry(entry, `not NAME=VALUE: ${word}`);
    }
  }
  return variables;
}

export function environmentFilesOf(context: UnitContext): PlannedEnvironmentFiles | undefined {
  let files: { path: string; optional: boolean }[] = [];
  for (const entry of context.service.takeAll("EnvironmentFile")) {
    if (entry.value === "") {
      files = [];
      continue;
    }
    const value = context.expand(entry);
    const path = value.replace(/^-/, "");
    if (path.startsWith("/")) files.push({ path, optional: value.startsWith("-") });
    else context.notes.entry(entry, "not an absolute path; systemd passes over it too");
  }
  return files.length === 0 ? undefined : { format: "systemd", files };
}
