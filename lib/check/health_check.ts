/** `health-check/` of a service directory. Source: docs/servicedir.md. */
import { type Diagnosis, diagnosis } from "../core/diagnosis/diagnoses.ts";
import { firstLine } from "../core/linux/config_file.ts";
import { meantWord } from "../core/text/edit_distance.ts";
import {
  CHECK_FILES,
  HEALTH_DIRECTORY,
  HEALTH_FILES,
  HEALTH_ROWS,
  type HealthFileName,
} from "../health/core/health_files.ts";
import { faultsTogether, healthFault } from "../health/core/health_settings.ts";
import { checkLines, checkMilliseconds } from "./core/small_file_check.ts";
import { checkProgram } from "./program_check.ts";
import type { Report } from "./report.ts";
import { findFile, readValue, reportValue } from "./value_file.ts";

const NAMES: readonly string[] = HEALTH_ROWS.map(([name]) => name);

/** `isSource`: it is that of a definition for s6-rc. */
export function checkHealth(report: Report, directory: string, isSource: boolean): void {
  const path = `${directory}/${HEALTH_DIRECTORY}`;
  const record = findFile(report, path);
  if (record === undefined) return;
  if (record.type !== "directory") return report.add(path, diagnosis("health-not-directory"));
  const listed = report.view.names(path);
  if (typeof listed === "string") return report.add(path, diagnosis("unreadable", listed));
  const names = new Set(listed.names);
  for (const name of names) {
    if (isHealthFile(name)) {
      checkFile(report, { directory, path: `${path}/${name}`, name, isSource });
    } else checkName(report, `${path}/${name}`, name, names);
  }
  for (const { name, found } of faultsTogether(names)) report.add(`${path}/${name}`, found);
  if (!CHECK_FILES.some((name) => names.has(name))) report.add(path, diagnosis("no-check"));
}

function isHealthFile(name: string): name is HealthFileName {
  return NAMES.includes(name);
}

interface HealthPlace {
  readonly directory: string;
  readonly path: string;
  readonly name: HealthFileName;
  readonly isSource: boolean;
}

function checkFile(report: Report, { directory, path, name, isSource }: HealthPlace): void {
  if (HEALTH_FILES[name].kind === "program") {
    checkProgram(report, { path, role: "check", directory, isSource });
    return;
  }
  const bytes = readValue(report, path);
  if (bytes !== undefined) reportValue(report, path, faultsOf(name, bytes));
}

function faultsOf(name: HealthFileName, bytes: Uint8Array): Diagnosis[] {
  const line = firstLine(bytes);
  const fault = healthFault(name, line) ??
    (HEALTH_FILES[name].kind === "milliseconds" ? checkMilliseconds(Number(line)) : undefined);
  return [...(fault === undefined ? [] : [fault]), ...checkLines(bytes)];
}

/** A name that nothing reads, and resembles one that something does. */
function checkName(
  report: Report,
  path: string,
  name: string,
  names: ReadonlySet<string>,
): void {
  const plain = name.toLowerCase().replaceAll("_", "-").replace(/\.(?:sh|txt)$/, "");
  const meant = NAMES.includes(plain) ? plain : meantWord(plain, NAMES);
  if (meant === undefined) return;
  report.add(
    path,
    diagnosis("misspelt-name", meant),
    meant === plain && !names.has(meant) ? { mend: { kind: "rename", to: meant } } : {},
  );
}
