/** What is wrong with a file of services, or worth knowing, each with its place. Pure. */
import { printable } from "../../core/text/printable.ts";
import type { Place } from "./located.ts";

/** error: nothing is rendered. note: it works, and something has no effect. */
export interface FileFinding {
  readonly severity: "error" | "note";
  readonly place: Place;
  readonly text: string;
}

export class FileFindings {
  readonly #findings: FileFinding[] = [];
  readonly #noted = new Set<string>();
  readonly #errors = new Set<string>();
  #errorCount = 0;

  /** In the order of files and places. */
  get all(): readonly FileFinding[] {
    return this.#findings.toSorted((a, b) =>
      a.place.file !== b.place.file
        ? 0
        : a.place.line - b.place.line || a.place.column - b.place.column
    );
  }

  get hasErrors(): boolean {
    return this.#findings.some(({ severity }) => severity === "error");
  }

  /** Grows with every error, told or not. */
  get errorCount(): number {
    return this.#errorCount;
  }

  /** The copies of a scaled service have the same mistake at the same place. */
  error(place: Place, text: string): undefined {
    this.#errorCount++;
    const finding: FileFinding = { severity: "error", place, text };
    const line = fileFindingLine(finding);
    if (this.#errors.has(line)) return;
    this.#errors.add(line);
    this.#findings.push(finding);
  }

  /** The same text is told once, at its first place. */
  note(place: Place, text: string): void {
    if (this.#noted.has(text)) return;
    this.#noted.add(text);
    this.#findings.push({ severity: "note", place, text });
  }
}

/** `FILE:LINE:COLUMN: error: text`. */
export function fileFindingLine({ severity, place, text }: FileFinding): string {
  const { file, line, column } = place;
  return `${printable(`${file}:${line}:${column}`)}: ${severity}: ${printable(text)}`;
}
