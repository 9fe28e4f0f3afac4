/** What is wrong with files of services, as notes about definitions. Pure. */
import type { FileFinding } from "../../../onefile/core/file_findings.ts";
import type { Note } from "./finding.ts";

const EXIT_WRONG = 1;

export function notesOfFiles(findings: readonly FileFinding[]): Note[] {
  return findings.map(({ severity, place, text }): Note => ({
    kind: "finding",
    finding: {
      severity: severity === "error" ? "error" : "warning",
      exitCode: severity === "error" ? EXIT_WRONG : 0,
      ...place,
      text,
      cause: text,
      cure: "",
      spoils: [],
    },
  }));
}
