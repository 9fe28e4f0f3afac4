/** A service directory with its logger. Source: docs/servicedir.md. */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { checkHealth } from "./health_check.ts";
import { firstLine } from "../core/linux/config_file.ts";
import { HEALTH_DIRECTORY } from "../health/core/health_files.ts";
import { LOCK_FILENAME } from "../servicedir/core/supervise_files.ts";
import {
  type FileKind,
  fileKind,
  HEXAD_FILES,
  meantFileName,
} from "../servicedir/core/servicedir_files.ts";
import { isValueKind } from "../servicedir/core/small_value.ts";
import { checkTogether, checkValue } from "./core/small_file_check.ts";
import { findFile, readValue, reportValue } from "./value_file.ts";
import { checkLogscript } from "./logger_check.ts";
import { checkDirectoryMode, checkProgram } from "./program_check.ts";
import type { FindingPlace, Report } from "./report.ts";

const CHECK = "data/check";

/**
 * `isLogger`: it is the `log` of another. `isSource`: a definition for s6-rc, which makes its
 * scripts executable.
 */
export function checkService(
  report: Report,
  directory: string,
  { isLogger = false, isSource = false } = {},
): void {
  const listed = report.view.names(directory);
  if (typeof listed === "string") return report.add(directory, diagnosis("unreadable", listed));
  report.services++;
  if (listed.truncated) {
    report.add(directory, diagnosis("too-many-entries", String(listed.names.length)));
  }
  checkDirectoryMode(report, directory);
  const names = new Set(listed.names);
  checkNames(report, directory, names);
  checkRun(report, directory, names, { isLogger, isSource });
  if (names.has("finish")) {
    checkProgram(report, { path: `${directory}/finish`, role: "finish", directory, isSource });
  }
  if (report.view.exists(`${directory}/${CHECK}`)) {
    checkProgram(report, { path: `${directory}/${CHECK}`, role: "check", directory });
  }
  checkValues(report, directory, names);
  if (names.has(HEALTH_DIRECTORY)) checkHealth(report, directory, isSource);
  checkSupervisor(report, directory, names);
  // a definition has no logger of its own
  if (names.has("log") && !isSource) checkLogger(report, directory, isLogger);
}

interface Kind {
  readonly isLogger: boolean;
  readonly isSource: boolean;
}

function checkRun(
  report: Report,
  directory: string,
  names: ReadonlySet<string>,
  { isLogger, isSource }: Kind,
): void {
  const hasScript = names.has("logscript");
  if (names.has("run")) {
    checkProgram(report, { path: `${directory}/run`, role: "run", directory, isSource });
    if (hasScript) report.add(`${directory}/logscript`, diagnosis("run-and-logscript"));
  } else if (hasScript) checkLogscript(report, `${directory}/logscript`, directory);
  else {
    const found = isLogger ? diagnosis("log-without-run") : diagnosis("no-run");
    // another layer of the image may bring it
    report.add(
      isLogger ? directory : `${directory}/run`,
      report.complete ? found : { ...found, severity: "warning" },
    );
  }
}

/** Names that nothing reads, and resemble one that something does. */
function checkNames(report: Report, directory: string, names: ReadonlySet<string>): void {
  for (const name of names) {
    const meant = meantFileName(name);
    if (meant === undefined) continue;
    const kind = fileKind(meant.name)!;
    const path = `${directory}/${name}`;
    if (!looksLike(report, path, kind)) continue;
    const free = !names.has(meant.name);
    if (!free && !meant.sure) continue;
    const place: FindingPlace = free && meant.sure
      ? { mend: { kind: "rename", to: meant.name } }
      : {};
    report.add(path, diagnosis("misspelt-name", meant.name), place);
  }
}

/** Could it be a file of that kind? `logs` beside `log` need not be a misspelt one. */
function looksLike(report: Report, path: string, kind: FileKind): boolean {
  const found = report.view.resolve(path);
  if (found.kind !== "found") return false;
  const isDirectory = found.record.type === "directory";
  if (kind === "service") {
    return isDirectory &&
      (report.view.exists(`${path}/run`) || report.view.exists(`${path}/logscript`));
  }
  if (kind === "health") return isDirectory;
  if (kind === "directory" || kind === "made") return false;
  if (isDirectory) return false;
  if (kind !== "program") return true;
  const bytes = report.view.read(path, 2);
  return (found.record.mode & 0o111) !== 0 ||
    (typeof bytes !== "string" && bytes[0] === 0x23 && bytes[1] === 0x21);
}

function checkValues(report: Report, directory: string, names: ReadonlySet<string>): void {
  const values = new Map<string, string>();
  for (const name of names) {
    const kind = fileKind(name);
    const path = `${directory}/${name}`;
    if (kind === "flag") {
      if (findFile(report, path) !== undefined) values.set(name, "");
    } else if (kind !== undefined && isValueKind(kind)) {
      const bytes = readValue(report, path);
      if (bytes === undefined) continue;
      values.set(name, firstLine(bytes));
      reportValue(report, path, checkValue(kind, name, bytes));
    }
  }
  for (const { name, found } of checkTogether(values)) report.add(`${directory}/${name}`, found);
}

/** A supervisor of C s6 knows only what C knows. */
function checkSupervisor(report: Report, directory: string, names: ReadonlySet<string>): void {
  const ours = HEXAD_FILES.filter((name) => names.has(name));
  if (ours.length === 0 || !report.view.isHeldByC(`${directory}/${LOCK_FILENAME}`)) return;
  for (const name of ours) {
    report.add(`${directory}/${name}`, {
      ...diagnosis("no-effect", "the s6-supervise of C s6 has this service, and does not know it"),
      cure: "have hexad's s6-svscan supervise it, or remove the file",
    });
  }
}

function checkLogger(report: Report, directory: string, isLogger: boolean): void {
  const path = `${directory}/log`;
  if (isLogger) return report.add(path, diagnosis("log-of-logger"));
  const found = report.view.resolve(path);
  if (found.kind === "circle") return report.add(path, diagnosis("circular-link"));
  if (found.kind === "missing") return report.add(path, diagnosis("dangling-link"));
  if (found.kind === "unknown") return report.add(path, diagnosis("unreadable", found.reason));
  if (found.record.type !== "directory") return report.add(path, diagnosis("log-not-directory"));
  const itself = report.view.resolve(directory);
  if (itself.kind === "found" && itself.record.identity === found.record.identity) {
    return report.add(path, diagnosis("log-itself"));
  }
  checkService(report, path, { isLogger: true });
}
