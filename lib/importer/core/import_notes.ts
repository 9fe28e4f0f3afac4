/** An importer's report about lines that it can't carry over. Pure. */
import type { Entry, Section, Stray } from "../../grammars/core/section_file.ts";
import type { ImportNote, NoteKind } from "./service_plan.ts";

const LONGEST_VALUE = 60;

/** A reason that many keys share, and its kind. */
export interface Reason {
  readonly text: string;
  readonly kind: NoteKind;
}

export class Notes {
  readonly #notes: ImportNote[] = [];

  get all(): readonly ImportNote[] {
    return [...this.#notes].sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
    );
  }

  /** @param reason The text that all notes of this kind share */
  add(
    place: { readonly file: string; readonly line: number },
    text: string,
    kind: NoteKind = "lost",
    reason: string = text,
  ): void {
    if (
      this.#notes.some((note) =>
        note.file === place.file && note.line === place.line && note.text === text
      )
    ) return;
    this.#notes.push({ file: place.file, line: place.line, text, kind, reason });
  }

  /** Adds a note about one key with its value. */
  entry(entry: Entry, reason: string, kind: NoteKind = "changed"): void {
    const value = entry.value.replaceAll("\n", " ");
    const shown = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 3)}...` : value;
    this.add(entry, `${entry.key}=${shown}: ${reason}`, kind, reason);
  }

  stray({ file, line, text }: Stray): void {
    const reason = "this is no line of such a file";
    this.add({ file, line }, `${text.slice(0, LONGEST_VALUE)}: ${reason}`, "look", reason);
  }

  /** Adds a note for each key that has not been taken, with the reason by key. */
  left(section: Section, reasons: Readonly<Record<string, string>>, otherwise: string): void {
    for (const entry of section.left()) {
      const reason = Object.hasOwn(reasons, entry.key) ? reasons[entry.key]! : otherwise;
      this.entry(entry, reason, "lost");
    }
  }
}
