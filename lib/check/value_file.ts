/** Files that hold one value in their first line: found, read, and what is wrong reported. */
import { type Diagnosis, diagnosis } from "../core/diagnosis/diagnoses.ts";
import type { FileRecord } from "./port.ts";
import type { Report } from "./report.ts";

/** More than any value that means something. */
const VALUE_LIMIT = 4096;

/** What a path leads to; undefined, and a report, if that is nothing. */
export function findFile(report: Report, path: string): FileRecord | undefined {
  const found = report.view.resolve(path);
  if (found.kind === "circle") report.add(path, diagnosis("circular-link"));
  else if (found.kind === "missing") report.add(path, diagnosis("dangling-link"));
  return found.kind === "found" ? found.record : undefined;
}

/** The beginning of the file; undefined, and a report, if there is nothing to read. */
export function readValue(report: Report, path: string): Uint8Array | undefined {
  const record = findFile(report, path);
  if (record === undefined) return undefined;
  if (record.type !== "file") {
    report.add(path, { ...diagnosis("not-regular"), cure: "write the value into a file" });
    return undefined;
  }
  const bytes = report.view.read(path, VALUE_LIMIT);
  if (typeof bytes !== "string") return bytes;
  report.add(path, diagnosis("unreadable", bytes));
  return undefined;
}

/** Reports what is wrong with the value, each at its line. */
export function reportValue(report: Report, path: string, faults: readonly Diagnosis[]): void {
  for (const fault of faults) {
    report.add(
      path,
      fault,
      fault.id === "value-crlf"
        ? { line: 1, mend: { kind: "LF line ends" } }
        : { line: fault.id === "late-lines" ? 2 : 1 },
    );
  }
}
