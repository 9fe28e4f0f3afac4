/**
 * Errors in sources, and everything else that is reported while sources are read and linked: one
 * list, in the order in which C's s6-rc-compile would print it. Pure.
 */

export interface RcFinding {
  /** error: C refuses the source. warning: C accepts it, or does not know the file. */
  readonly severity: "error" | "warning";
  /** The exit code of C's s6-rc-compile. */
  readonly exitCode: number;
  /** C's words, to the letter; in a few cases followed by details that C does not give. */
  readonly text: string;
  /** The file, or the definition if no file is concerned. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** For people; it follows the file's name. */
  readonly cause: string;
  /** What to do; empty if the cause makes that clear. */
  readonly cure: string;
  /** The services and bundles that this makes unusable. */
  readonly spoils: readonly string[];
  /** An undefined member that a bundle lists. It is dropped, and the bundle is not spoilt. */
  readonly drops?: { readonly bundle: string; readonly member: string };
}

/** `FILE`, `FILE:LINE` or `FILE:LINE:COLUMN`. */
export function placeOf(
  { file, line, column }: Pick<RcFinding, "file" | "line" | "column">,
): string {
  return [file, line, column].filter((part) => part !== undefined).join(":");
}

export type NoteTag = "warning" | "info" | "tracing";

/** One line of the report. */
export type Note =
  | { readonly kind: "say"; readonly level: number; readonly tag: NoteTag; readonly text: string }
  | { readonly kind: "finding"; readonly finding: RcFinding };

/** Lines are added at the end. */
export type Notes = Note[];

export const EXIT_WRONG = 1;

export function say(notes: Notes, level: number, tag: NoteTag, text: string): void {
  notes.push({ kind: "say", level, tag, text });
}

export type Fault =
  & Partial<RcFinding>
  & Pick<RcFinding, "text" | "file" | "cause" | "cure" | "spoils">;

/** Adds an error, with exit code 1 unless the fault gives another one. */
export function fail(notes: Notes, fault: Fault): void {
  notes.push({ kind: "finding", finding: { severity: "error", exitCode: EXIT_WRONG, ...fault } });
}

/** Adds a warning about something that C does not check. */
export function caution(notes: Notes, fault: Omit<Fault, "spoils">): void {
  notes.push({
    kind: "finding",
    finding: { exitCode: 0, ...fault, severity: "warning", spoils: [] },
  });
}

export function findingsOf(notes: readonly Note[]): RcFinding[] {
  return notes.flatMap((note) => note.kind === "finding" ? [note.finding] : []);
}

export function errorsOf(notes: readonly Note[]): RcFinding[] {
  return findingsOf(notes).filter(({ severity }) => severity === "error");
}
