/**
 * Command lines, lists and values of systemd's unit files. Source: systemd.service(5), "Command
 * lines"; systemd.unit(5), "Specifiers". Pure.
 */
import { quoteForShell } from "../../core/shell/quoting.ts";

/** What is known of a unit by its name. */
export interface UnitName {
  /** `web@blue.service`. */
  readonly full: string;
  /** `web@blue`. */
  readonly plain: string;
  /** `web`. */
  readonly prefix: string;
  /** `blue`; empty for a unit that is no instance. */
  readonly instance: string;
}

export function unitName(file: string): UnitName {
  const full = file.slice(file.lastIndexOf("/") + 1);
  const plain = full.replace(/\.service$/, "");
  const at = plain.indexOf("@");
  return {
    full,
    plain,
    prefix: at < 0 ? plain : plain.slice(0, at),
    instance: at < 0 ? "" : plain.slice(at + 1),
  };
}

/**
 * Specifiers of the system manager. Those that only the machine or the user database tells are not
 * here.
 */
export function expandSpecifiers(
  text: string,
  unit: UnitName,
  user: string | undefined,
): { readonly text: string; readonly unknown: readonly string[] } {
  const unescaped = (escaped: string): string =>
    escaped.replaceAll("-", "/").replace(
      /\\x([0-9a-f]{2})/g,
      (_, hex: string) => String.fromCharCode(parseInt(hex, 16)),
    );
  const known: Readonly<Record<string, string>> = {
    n: unit.full,
    N: unit.plain,
    p: unit.prefix,
    P: unescaped(unit.prefix),
    i: unit.instance,
    I: unescaped(unit.instance),
    j: unit.prefix.slice(unit.prefix.lastIndexOf("-") + 1),
    t: "/run",
    S: "/var/lib",
    C: "/var/cache",
    L: "/var/log",
    E: "/etc",
    T: "/tmp",
    V: "/var/tmp",
    u: user ?? "root",
    "%": "%",
    ...(user === undefined || user === "root" ? { h: "/root", U: "0" } : {}),
  };
  const unknown: string[] = [];
  const expanded = text.replace(/%(.)/g, (whole, letter: string) => {
    if (Object.hasOwn(known, letter)) return known[letter]!;
    unknown.push(whole);
    return whole;
  });
  return { text: expanded, unknown };
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

export interface UnitWord {
  readonly text: string;
  /** It began with a quote, so that `$NAME` in it is no list of words. */
  readonly quoted: boolean;
}

/** Words between blanks, quotes and C escapes undone; undefined if a quote is not closed. */
export function splitUnitWords(text: string): UnitWord[] | undefined {
  const words: UnitWord[] = [];
  for (let at = 0; at < text.length;) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const start = at;
    let word = "";
    let quote = "";
    for (; at < text.length && (quote !== "" || !/\s/.test(text[at]!)); at++) {
      const character = text[at]!;
      if (character === "\\" && at + 1 < text.length) {
        const hex = /^\\x([0-9a-fA-F]{2})/.exec(text.slice(at, at + 4));
        if (hex !== null) {
          word += String.fromCharCode(parseInt(hex[1]!, 16));
          at += 3;
        } else {
          const next = text[++at]!;
          word += ESCAPES[next] ?? `\\${next}`;
        }
      } else if (
        quote === "" && (character === '"' || character === "'") &&
        (word === "" || text[at - 1] === "=")
      ) {
        quote = character;
      } else if (character === quote) {
        quote = "";
      } else {
        word += character;
      }
    }
    if (quote !== "") return undefined;
    words.push({ text: word, quoted: text[start] === '"' || text[start] === "'" });
  }
  return words;
}

const VARIABLE = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}|\$([A-Za-z_][A-Za-z0-9_]*)/;

/** Does systemd replace something in it? */
export function hasVariable({ text }: UnitWord): boolean {
  return VARIABLE.test(text);
}

/**
 * The word for a shell: `${X}` stays in one word, `$X` alone becomes any number of words, `$$` is a
 * dollar.
 */
export function shellWordOf(word: UnitWord): string {
  if (!word.quoted && /^\$[A-Za-z_][A-Za-z0-9_]*$/.test(word.text)) return word.text;
  if (!hasVariable(word)) return quoteForShell(word.text);
  const parts = word.text.split(new RegExp(VARIABLE, "g"));
  let text = "";
  for (let i = 0; i < parts.length; i += 3) {
    text += (parts[i] ?? "").replace(/[\\"$`]/g, "\\$&");
    if (i + 1 >= parts.length) break;
    // a $NAME within a word is not replaced by systemd
    if (parts[i + 1] !== undefined) text += `\${${parts[i + 1]}}`;
    else text += parts[i + 2] === undefined ? "\\$" : `\\$${parts[i + 2]}`;
  }
  return `"${text}"`;
}

const SECONDS: Readonly<Record<string, number>> = {
  "": 1,
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86400,
  day: 86400,
  days: 86400,
  w: 604800,
  week: 604800,
  weeks: 604800,
};

/** `90`, `1min 30s`, `500ms`; Infinity; undefined if it is no time. In seconds. */
export function unitSeconds(text: string): number | undefined {
  if (text === "infinity") return Infinity;
  const parts = [...text.matchAll(/\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]*)/gy)];
  if (
    parts.length === 0 ||
    parts.reduce((length, [whole]) => length + whole.length, 0) !== text.trimEnd().length
  ) return undefined;
  let seconds = 0;
  for (const [, number, unit] of parts) {
    if (!Object.hasOwn(SECONDS, unit!)) return undefined;
    seconds += Number(number) * SECONDS[unit!]!;
  }
  return seconds;
}

export function unitBoolean(text: string): boolean {
  return /^(?:1|yes|y|true|t|on)$/i.test(text);
}
