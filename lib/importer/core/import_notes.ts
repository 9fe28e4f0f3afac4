/** What an importer has to say of lines that it can't carry over. Pure. */
import type { Entry, Section, Stray } from "./section_file.ts";
import type { ImportNote } from "./service_plan.ts";

export class Notes {
  readonly #notes: ImportNote[] = [];

  get all(): readonly ImportNote[] {
    return [...this.#notes].sort((a, b) =>
      a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line
    );
  }

  add(place: { readonly file: string; readonly line: number }, text: string): void {
    if (
      this.#notes.some((note) =>
        note.file === place.file && note.line === place.line && note.text === text
      )
    ) return;
    this.#notes.push({ file: place.file, line: place.line, text });
  }

  /** One key with its value. */
  entry(entry: Entry, reason: string): void {
    const value = entry.value.replaceAll("\n", " ");
    this.add(
      entry,
      `${entry.key}=${value.length > 60 ? `${value.slice(0, 57)}...` : value}: ${reason}`,
    );
  }

  stray({ file, line, text }: Stray): void {
    this.add({ file, line }, `${text.slice(0, 60)}: this is no line of such a file`);
  }

  /** All that nobody has asked for, with the reason by key. */
  left(section: Section, reasons: Readonly<Record<string, string>>, otherwise: string): void {
    for (const entry of section.left()) {
      this.entry(entry, Object.hasOwn(reasons, entry.key) ? reasons[entry.key]! : otherwise);
    }
  }
}
