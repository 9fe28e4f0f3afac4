/**
 * What `hexad check` has found, as lines and as a document for programs: docs/check.schema.json.
 * Pure.
 */
import type { Diagnosis, DiagnosisId, Severity } from "../../core/diagnosis/diagnoses.ts";
import { printable } from "../../core/text/printable.ts";

/** What can be done about it without asking. Names are in the directory of the file. */
export type Mend =
  | { readonly kind: "add execute bit" }
  | { readonly kind: "take write bit" }
  | { readonly kind: "LF line ends" }
  | { readonly kind: "drop what is before #!" }
  | { readonly kind: "rename"; readonly to: string }
  /**
   * A script beside it takes its text, and it names that. `place`: the directory as a boot sees it,
   * if that is known.
   */
  | { readonly kind: "shell script"; readonly place: string | undefined };

export interface CheckFinding extends Diagnosis {
  /** As the operand names it, or below it. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
  readonly mend?: Mend;
}

export interface CheckDocument {
  readonly format: 1;
  readonly sound: boolean;
  /** Service directories that were looked at, loggers among them. */
  readonly services: number;
  readonly findings: readonly {
    readonly severity: Severity;
    readonly id: DiagnosisId;
    readonly file: string;
    readonly line: number | null;
    readonly column: number | null;
    readonly cause: string;
    readonly cure: string;
    /** With --fix: whether it was mended. */
    readonly fixed: boolean;
  }[];
}

/** `web/run:3: error: cause; cure`. */
export function findingLine({ file, line, column, severity, cause, cure }: CheckFinding): string {
  const place = `${file}${line === undefined ? "" : `:${line}`}${
    column === undefined ? "" : `:${column}`
  }`;
  return printable(`${place}: ${severity}: ${cause}${cure === "" ? "" : `; ${cure}`}`);
}

export function checkDocument(
  findings: readonly CheckFinding[],
  { services, isFixed }: {
    readonly services: number;
    readonly isFixed: (finding: CheckFinding) => boolean;
  },
): CheckDocument {
  return {
    format: 1,
    sound: findings.every(isFixed),
    services,
    findings: findings.map((finding) => ({
      severity: finding.severity,
      id: finding.id,
      file: printable(finding.file),
      line: finding.line ?? null,
      column: finding.column ?? null,
      cause: printable(finding.cause),
      cure: printable(finding.cure),
      fixed: isFixed(finding),
    })),
  };
}
