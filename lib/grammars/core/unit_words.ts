/**
 * Command lines and lists of systemd's unit files. Source: systemd.service(5), "Command lines";
 * systemd.unit(5), "Specifiers"; systemd, src/basic/extract-word.c, config_parse_exec(). Pure.
 */
import { lastComponent } from "../../core/text/path_name.ts";

/** What the name of a unit tells about it. */
export interface UnitName {
  /** The path of its file. */
  readonly path: string;
  /** `web@blue.service`. */
  readonly full: string;
  /** `web@blue`. */
  readonly plain: string;
  /** `web`. */
  readonly prefix: string;
  /** `blue`; empty for a unit that is not an instance. */
  readonly instance: string;
}

export function unitName(file: string): UnitName {
  const path = file;
  const full = lastComponent(file);
  const plain = full.replace(/\.service$/, "");
  const at = plain.indexOf("@");
  return {
    path,
    full,
    plain,
    prefix: at < 0 ? plain : plain.slice(0, at),
    instance: at < 0 ? "" : plain.slice(at + 1),
  };
}

/** The names whose directories NAME.d hold its drop-ins, highest precedence first. */
export function dropInNames(full: string): string[] {
  const { plain, prefix, instance } = unitName(full);
  const template = instance === "" ? [] : [`${prefix}@.service`];
  const dashes = [...plain.matchAll(/-/g)].map(({ index }) =>
    `${plain.slice(0, index + 1)}.service`
  );
  return [full, ...template, ...dashes.reverse(), "service"];
}

/**
 * Specifiers of the system manager, which runs as root whatever the unit's user is. Those that
 * depend on the machine are not supported.
 */
export function expandSpecifiers(
  text: string,
  unit: UnitName,
): { readonly text: string; readonly unknown: readonly string[] } {
  const last = unit.prefix.slice(unit.prefix.lastIndexOf("-") + 1);
  const known: Readonly<Record<string, string>> = {
    n: unit.full,
    N: unit.plain,
    p: unit.prefix,
    P: unescaped(unit.prefix),
    i: unit.instance,
    I: unescaped(unit.instance),
    j: last,
    J: unescaped(last),
    f: `/${unescaped(unit.instance === "" ? unit.prefix : unit.instance)}`,
    t: "/run",
    S: "/var/lib",
    C: "/var/cache",
    L: "/var/log",
    E: "/etc",
    T: "/tmp",
    V: "/var/tmp",
    a: "x86-64",
    u: "root",
    U: "0",
    g: "root",
    G: "0",
    h: "/root",
    s: "/bin/sh",
    y: unit.path,
    Y: unit.path.slice(0, Math.max(1, unit.path.lastIndexOf("/"))),
    "%": "%",
  };
  const unknown: string[] = [];
  const expanded = text.replace(/%(.)/g, (whole, letter: string) => {
    if (Object.hasOwn(known, letter)) return known[letter]!;
    unknown.push(whole);
    return whole;
  });
  return { text: expanded, unknown };
}

function unescaped(escaped: string): string {
  return escaped.replaceAll("-", "/").replace(
    /\\x([0-9a-f]{2})/g,
    (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  s: " ",
  "\\": "\\",
  '"': '"',
  "'": "'",
};
const BLANK = /\s/;

/** The error for a quote that is not closed. */
export class UnitWordsError extends SyntaxError {
  override readonly name = "UnitWordsError";
  /** Its position in the value, from 0. */
  readonly at: number;

  constructor(at: number, quote: string) {
    super(`the quote ${quote} is not closed`);
    this.at = at;
  }
}

interface SplitOptions {
  /** For the value of a variable: no C escapes, and a quote may stay open. */
  readonly isRelaxed?: boolean;
}

/**
 * Splits at blanks. Quotes may occur anywhere in a word; quotes and C escapes are resolved.
 *
 * @throws {UnitWordsError} If a quote is not closed.
 */
export function splitUnitWords(text: string, { isRelaxed = false }: SplitOptions = {}): string[] {
  const words: string[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const { word, end } = readWord(text, at, isRelaxed);
    words.push(word);
    at = end;
  }
  return words;
}

/**
 * Splits several commands on one line at each `;` between blanks; `\;` is a word.
 *
 * @throws {UnitWordsError} If a quote is not closed.
 */
export function splitUnitCommands(text: string): string[][] {
  const commands: string[][] = [[]];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const command = commands.at(-1)!;
    if (command.length > 0 && /^;(?:\s|$)/.test(text.slice(at, at + 2))) {
      commands.push([]);
      at++;
    } else if (command.length > 0 && /^\\;(?:\s|$)/.test(text.slice(at, at + 3))) {
      command.push(";");
      at += 2;
    } else {
      const { word, end } = readWord(text, at, false);
      command.push(word);
      at = end;
    }
  }
  return commands.filter((command) => command.length > 0);
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && BLANK.test(text[at]!)) at++;
  return at;
}

function readWord(
  text: string,
  start: number,
  isRelaxed: boolean,
): { readonly word: string; readonly end: number } {
  let word = "";
  let quote = "";
  let opened = start;
  let at = start;
  for (; at < text.length && (quote !== "" || !BLANK.test(text[at]!)); at++) {
    const character = text[at]!;
    if (character === "\\" && at + 1 < text.length) {
      const escape = isRelaxed ? { text: text[at + 1]!, length: 2 } : readEscape(text, at);
      word += escape.text;
      at += escape.length - 1;
    } else if (character === quote) quote = "";
    else if (quote === "" && (character === '"' || character === "'")) {
      quote = character;
      opened = at;
    } else word += character;
  }
  if (quote !== "" && !isRelaxed) throw new UnitWordsError(opened, quote);
  return { word, end: at };
}

/** An invalid escape keeps its backslash. systemd does the same, with a warning. */
function readEscape(text: string, at: number): { readonly text: string; readonly length: number } {
  const number = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2}))/
    .exec(text.slice(at, at + 10));
  if (number !== null) {
    const hex = number[1] ?? number[2] ?? number[3];
    const code = hex === undefined ? parseInt(number[4]!, 8) : parseInt(hex, 16);
    if (code > 0 && code <= 0x10ffff) {
      return { text: String.fromCodePoint(code), length: number[0].length };
    }
  }
  const next = text[at + 1]!;
  return { text: ESCAPES[next] ?? `\\${next}`, length: 2 };
}
