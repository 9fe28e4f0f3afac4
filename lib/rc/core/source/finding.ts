/**
 * What is wrong with a source, and everything that is reported while it is read and linked: one
 * list, in the order in which C's s6-rc-compile would have said it. Pure.
 */

export interface RcFinding {
  /** error: C refuses the source. warning: it does not, or does not know the file. */
  readonly severity: "error" | "warning";
  /** What C's s6-rc-compile exits with. */
  readonly exitCode: number;
  /** C's words, to the letter; behind them, in a few cases, what C does not tell. */
  readonly text: string;
  /** The file, or the definition if it is about no file. */
  readonly file: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly column?: number;
  /** For people, behind the file's name. */
  readonly cause: string;
  /** What to do; empty if the cause tells it. */
  readonly cure: string;
  /** The services and bundles that are of no use with this. */
  readonly spoils: readonly string[];
  /** Instead of spoiling a bundle: what it lists and nobody defines. */
  readonly drops?: { readonly bundle: string; readonly member: string };
}

export type NoteTag = "warning" | "info" | "tracing";

/** One line of the story. */
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

/** Adds an error, of exit code 1 unless the fault says another one. */
export function fail(notes: Notes, fault: Fault): void {
  notes.push({ kind: "finding", finding: { severity: "error", exitCode: EXIT_WRONG, ...fault } });
}

/** Adds what C does not look at. */
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
