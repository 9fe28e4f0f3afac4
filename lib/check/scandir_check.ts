/**
 * A scan directory: its entries as s6-svscan sees them. Source: s6, doc/scandir.html,
 * doc/s6-svscan.html.
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { fileKind } from "../servicedir/core/servicedir_files.ts";
import { checkProgram } from "./program_check.ts";
import type { Report } from "./report.ts";
import { checkService } from "./service_check.ts";

/** Of s6-svscan, without -L. */
const LONGEST_NAME = 251;

export function checkScandir(report: Report, directory: string, { mayBeEmpty = false } = {}): void {
  const listed = report.view.names(directory);
  if (typeof listed === "string") return report.add(directory, diagnosis("unreadable", listed));
  if (listed.truncated) {
    report.add(directory, diagnosis("too-many-entries", String(listed.names.length)));
  }
  const above = ancestors(report, directory);
  const seen = new Map<string, string>();
  let services = 0;
  for (const name of listed.names) {
    const path = `${directory}/${name}`;
    if (name === SVSCAN_CTLDIR) checkControl(report, path);
    if (name.startsWith(".")) continue;
    const found = report.view.resolve(path);
    if (found.kind === "circle") report.add(path, diagnosis("circular-link"));
    else if (found.kind === "unknown") report.add(path, diagnosis("unreadable", found.reason));
    else if (found.kind === "missing") {
      if (report.complete) report.add(path, diagnosis("dangling-link"));
    } else if (found.record.type !== "directory") {
      if (fileKind(name) !== undefined) report.add(path, diagnosis("misplaced"));
    } else {
      services++;
      const { identity } = found.record;
      const other = seen.get(identity);
      if (above.has(identity)) report.add(path, diagnosis("scandir-itself"));
      else if (other !== undefined) report.add(path, diagnosis("twice", other));
      else checkService(report, path);
      seen.set(identity, report.shown(path));
      if (encodePath(name).length > LONGEST_NAME) {
        report.add(path, diagnosis("name-too-long", String(LONGEST_NAME)));
      }
    }
  }
  if (services === 0 && !mayBeEmpty) report.add(directory, diagnosis("no-service"));
}

/** The directory and all above it. */
function ancestors(report: Report, directory: string): ReadonlySet<string> {
  const identities = new Set<string>();
  const itself = report.view.resolve(directory);
  let path = itself.kind === "found" ? itself.path : directory;
  for (;;) {
    const found = report.view.resolve(path);
    if (found.kind === "found") identities.add(found.record.identity);
    if (path === "" || path === "/") return identities;
    path = path.slice(0, path.lastIndexOf("/"));
  }
}

/** What s6-svscan itself starts. */
function checkControl(report: Report, directory: string): void {
  const listed = report.view.names(directory);
  if (typeof listed === "string") return;
  for (const name of listed.names) {
    if (!/^(?:finish|crash|SIG[A-Z0-9]+)$/.test(name)) continue;
    checkProgram(report, { path: `${directory}/${name}`, role: "script", directory });
  }
}
