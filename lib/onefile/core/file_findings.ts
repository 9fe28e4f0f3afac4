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

  error(place: Place, text: string): undefined {
    this.#findings.push({ severity: "error", place, text });
  }

  note(place: Place, text: string): void {
    const isKnown = this.#findings.some((each) =>
      each.text === text && each.place.file === place.file && each.place.line === place.line
    );
    if (!isKnown) this.#findings.push({ severity: "note", place, text });
  }
}

/** `FILE:LINE:COLUMN: error: text`. */
export function fileFindingLine({ severity, place, text }: FileFinding): string {
  const { file, line, column } = place;
  return `${printable(`${file}:${line}:${column}`)}: ${severity}: ${printable(text)}`;
}
