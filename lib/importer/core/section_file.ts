/**
 * Files of sections with keys, as supervisord and systemd have them, with the line of each key;
 * every key is either asked for or left over, so that none is lost without a word. Source: Python,
 * configparser (with supervisord's comments); systemd.syntax(7). Pure.
 */

export interface Entry {
  readonly key: string;
  readonly value: string;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** What is no key, no section and no comment. */
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

  /** The last entry of that key. All of them count as dealt with. */
  take(key: string): Entry | undefined {
    return this.takeAll(key).at(-1);
  }

  takeAll(key: string): readonly Entry[] {
    const found = this.#entries.filter((entry) => entry.key === key);
    for (const entry of found) this.#taken.add(entry);
    return found;
  }

  /** Those that nobody has asked for. */
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
 * Python's dialect: keys in lower case, `=` or `:`, ` ;` begins a comment, deeper lines go on with
 * the value above.
 */
export function parsePythonSections(text: string, file: string): SectionFile {
  const sections: Section[] = [];
  const stray: Stray[] = [];
  let open: { key: string; value: string; line: number; indent: number } | undefined;
  const close = (): void => {
    if (open !== undefined) {
      sections.at(-1)!.add({ key: open.key, value: open.value.trim(), file, line: open.line });
    }
    open = undefined;
  };
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    const bare = raw.replace(/(?:^|\s)[;#].*$/, "");
    if (bare.trim() === "") continue;
    const indent = bare.length - bare.trimStart().length;
    if (open !== undefined && indent > open.indent) {
      open.value += `\n${bare.trim()}`;
      continue;
    }
    close();
    const line = at + 1;
    const name = SECTION.exec(bare.trim())?.[1];
    const pair = /^([^=:]+?)\s*[=:]\s*([^]*)$/.exec(bare.trim());
    if (name !== undefined) sections.push(new Section(name, file, line));
    else if (pair === null || sections.length === 0) stray.push({ file, line, text: bare.trim() });
    else open = { key: pair[1]!.toLowerCase(), value: pair[2]!, line, indent };
  }
  close();
  return { sections, stray };
}

/**
 * systemd's dialect: keys may stand more than once, a backslash at the end of a line goes on with
 * the next.
 */
export function parseUnitSections(text: string, file: string): SectionFile {
  const sections: Section[] = [];
  const stray: Stray[] = [];
  let pending: { text: string; line: number } | undefined;
  for (const [at, raw] of [...text.split(/\r?\n/), ""].entries()) {
    if (/^\s*[#;]/.test(raw)) continue;
    const whole: { text: string; line: number } = pending === undefined
      ? { text: raw, line: at + 1 }
      : { text: `${pending.text} ${raw.trimStart()}`, line: pending.line };
    pending = undefined;
    if (whole.text.endsWith("\\")) {
      pending = { text: whole.text.slice(0, -1).trimEnd(), line: whole.line };
      continue;
    }
    const bare = whole.text.trim();
    if (bare === "") continue;
    const name = SECTION.exec(bare)?.[1];
    const equals = bare.indexOf("=");
    if (name !== undefined) sections.push(new Section(name, file, whole.line));
    else if (equals < 1 || sections.length === 0) {
      stray.push({ file, line: whole.line, text: bare });
    } else {sections.at(-1)!.add({
        key: bare.slice(0, equals).trim(),
        value: bare.slice(equals + 1).trim(),
        file,
        line: whole.line,
      });}
  }
  return { sections, stray };
}
