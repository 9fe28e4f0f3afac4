/**
 * A script that uses variables of the container, which services don't have unless they ask for
 * them.
 */
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { firstMissingVariable } from "../core/shell/script_variables.ts";
import type { Report } from "./report.ts";

const SCRIPT_LIMIT = 65536;

export function checkContainerVariables(report: Report, path: string): void {
  const bytes = report.view.read(path, SCRIPT_LIMIT);
  if (typeof bytes === "string" || bytes[0] !== 0x23) return;
  const missing = firstMissingVariable(decodePath(bytes));
  if (missing !== undefined) {
    report.add(path, diagnosis("no-contenv", missing.name, missing.shebang), {
      line: missing.line,
    });
  }
}
