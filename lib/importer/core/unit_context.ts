/** What the parsers of all parts of a unit need. Pure. */
import type { Notes } from "./import_notes.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import { type Entry, placeIn, type Section } from "../../grammars/core/section_file.ts";
import {
  expandSpecifiers,
  splitUnitWords,
  type UnitName,
  UnitWordsError,
} from "../../grammars/core/unit_words.ts";

export class UnitContext {
  readonly name: UnitName;
  readonly service: Section;
  readonly unit: Section;
  readonly notes: Notes;

  constructor(name: UnitName, service: Section, unit: Section, notes: Notes) {
    this.name = name;
    this.service = service;
    this.unit = unit;
    this.notes = notes;
  }

  /** Expands specifiers. `text`: a part of the value, or all of it. */
  expand(entry: Entry, text: string = entry.value): string {
    const expanded = expandSpecifiers(text, this.name);
    if (expanded.unknown.length > 0) {
      this.notes.entry(
        entry,
        `${expanded.unknown.join(" ")} is known only where it runs, and stands as it is`,
      );
    }
    return expanded.text;
  }

  /** The value of a key of [Service]; undefined if it is missing or empty. */
  value(key: string): string | undefined {
    const entry = this.service.take(key);
    return entry === undefined || entry.value === "" ? undefined : this.expand(entry);
  }

  /** Splits into words and expands specifiers. @throws {Refusal} If a quote is not closed. */
  words(entry: Entry): string[] {
    return this.refusing(entry, () => splitUnitWords(entry.value)).map((word) =>
      this.expand(entry, word)
    );
  }

  /** @throws {Refusal} With the place in the file, for a value that can't be split. */
  refusing<T>(entry: Entry, split: () => T, offset = 0): T {
    try {
      return split();
    } catch (error) {
      if (!(error instanceof UnitWordsError)) throw error;
      throw new Refusal(placeIn(entry, offset + error.at), `${entry.key}: ${error.message}`);
    }
  }
}
