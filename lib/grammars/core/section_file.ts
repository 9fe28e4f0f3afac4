/**
 * Files of sections with keys, as in supervisord and systemd, with the line of each key. Every key
 * is either taken or left over, so none is lost silently. Source: Python, configparser (with
 * supervisord's comments); systemd.syntax(7). Pure.
 */

import type { Place } from "./refusal.ts";

export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** The position in the value where each line of the file begins. */
  readonly pieces: readonly ValuePiece[];
}

export interface ValuePiece {
  /** In the value, from 0. */
  readonly at: number;
  readonly line: number;
  /** In the file's line, from 1. */
  readonly column: number;
}

/** The place in the file of a character of the value. */
export function placeIn({ file, line, pieces }: Entry, at: number): Place {
  const piece = pieces.findLast((one) => one.at <= at);
  return piece === undefined
    ? { file, line }
    : { file, line: piece.line, column: piece.column + at - piece.at };
}

/** A line that is neither a key nor a section nor a comment. */
export interface Stray {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export class Section {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly #entries: Entry[] = [];
  readonly #taken = new Set<Entry>();

  constructor(name: string, file: string, line: number) {
    this.name = name;
    this.file = file;
    this.line = line;
  }

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  /** The last entry of that key. All entries of the key count as taken. */
  take(key: string): Entry | undefined {
    return this.takeAll(key).at(-1);
  }

  takeAll(key: string): readonly Entry[] {
    const found = this.#entries.filter((entry) => entry.key === key);
    for (const entry of found) this.#taken.add(entry);
    return found;
  }

  /** The entries that have not been taken. */
  left(): readonly Entry[] {
    return this.#entries.filter((entry) => !this.#taken.has(entry));
  }
}

export interface SectionFile {
  readonly sections: readonly Section[];
  readonly stray: readonly Stray[];
}

const SECTION = /^\[([^\]]+)\]\s*(?:[;#].*)?$/;

/**
 * Python's dialect: keys in lower case, `=` or `:`, comments from ` ;` or ` #`, and indented lines
 * continue the value above.
 */
export function parsePythonSections(text: string, file: string): SectionFile {
  const sections: Section[] = [];
  const stray: Stray[] = [];
  let open: { key: string; value: Value; line: number; indent: number } | undefined;
  const close = (): void => {
    if (open !== undefined) {
      const { text: value, pieces } = open.value;
      sections.at(-1)!.add({ key: open.key, value, pieces, file, line: open.line });
    }
    open = undefined;
  };
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const bare = raw.replace(/(?:^|\s)[;#].*$/, "");
    if (bare.trim() === "") continue;
    const indent = bare.length - bare.trimStart().length;
    const line = at + 1;
    if (open !== undefined && indent > open.indent) {
      open.value.add(bare.trim(), "\n", { line, column: indent + 1 });
      continue;
    }
    close();
    const name = SECTION.exec(bare.trim())?.[1];
    const pair = /^(\s*([^=:]+?)\s*[=:]\s*)([^]*)$/.exec(bare.trimEnd());
    if (name !== undefined) sections.push(new Section(name, file, line));
    else if (pair === null || sections.length === 0) stray.push({ file, line, text: bare.trim() });
    else {
      const value = new Value();
      value.add(pair[3]!, "", { line, column: pair[1]!.length + 1 });
      open = { key: pair[2]!.trim().toLowerCase(), value, line, indent };
    }
  }
  close();
  return { sections, stray };
}

/** A value, and the places of its pieces in the file. */
class Value {
  text = "";
  readonly pieces: ValuePiece[] = [];

  add(piece: string, between: string, place: Omit<ValuePiece, "at">): void {
    if (this.text !== "") this.text += between;
    this.pieces.push({ at: this.text.length, ...place });
    this.text += piece;
  }
}

/**
 * systemd's dialect: keys may be repeated, and a backslash at the end of a line continues it on the
 * next.
 */
export function parseUnitSections(text: string, file: string): SectionFile {
  const sections: Section[] = [];
  const stray: Stray[] = [];
  let open: { key: string; value: Value; line: number; bare: string } | undefined;
  const close = (): void => {
    if (open === undefined) return;
    const { key, value, line, bare } = open;
    open = undefined;
    if (key === "") stray.push({ file, line, text: bare });
    else {
      const text = value.text.trimEnd();
      sections.at(-1)!.add({ key, value: text, pieces: value.pieces, file, line });
    }
  };
  let goesOn = false;
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    if (/^\s*[#;]/.test(raw)) continue;
    const line = at + 1;
    const isUnfinished = raw.endsWith("\\");
    const piece = isUnfinished ? raw.slice(0, -1).trimEnd() : raw.trimEnd();
    const indent = piece.length - piece.trimStart().length;
    if (goesOn) open?.value.add(piece.trimStart(), " ", { line, column: indent + 1 });
    else if (piece.trim() !== "") {
      close();
      const name = SECTION.exec(piece.trim())?.[1];
      const pair = /^(\s*([^=]+?)\s*=\s*)([^]*)$/.exec(piece);
      if (name !== undefined) sections.push(new Section(name, file, line));
      else {
        const value = new Value();
        const key = pair === null || sections.length === 0 ? "" : pair[2]!.trim();
        if (pair !== null) value.add(pair[3]!, "", { line, column: pair[1]!.length + 1 });
        open = { key, value, line, bare: piece.trim() };
      }
    }
    goesOn = isUnfinished;
    if (!goesOn) close();
  }
  close();
  return { sections, stray };
}
