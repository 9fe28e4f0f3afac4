/**
 * Words of a Dockerfile with their variables: `$NAME`, `${NAME}` and the forms with a default, an
 * alternative, a prefix, a suffix or a replacement. Quotes and escapes are taken away. Source:
 * moby/buildkit, frontend/dockerfile/shell/lex.go. Pure.
 */
import type { EscapeCharacter } from "./dockerfile_instructions.ts";

export interface Expanded {
  readonly text: string;
  /** The variables without a value that were asked for, and had no default there. */
  readonly missing: readonly string[];
}

const MODIFIED = /^([A-Za-z_][A-Za-z0-9_]*|[0-9@*#])(:[-+?]|[-+?]|##?|%%?|\/\/?)?([^]*)$/;

export function expandWord(
  word: string,
  variables: ReadonlyMap<string, string>,
  escape: EscapeCharacter,
): Expanded {
  const missing: string[] = [];
  const valueOf = (name: string): string => {
    const value = variables.get(name);
    if (value === undefined) missing.push(name);
    return value ?? "";
  };
  let text = "";
  let quote = "";
  for (let at = 0; at < word.length;) {
    const character = word[at]!;
    const next = word[at + 1] ?? "";
    if (character === quote) {
      quote = "";
      at++;
    } else if (quote === "" && (character === "'" || character === '"')) {
      quote = character;
      at++;
    } else if (character === escape && quote !== "'") {
      const isEscaped = quote === "" || next === '"' || next === "$" || next === escape;
      text += isEscaped ? next : character + next;
      at += 2;
    } else if (character === "$" && quote !== "'") {
      const reference = referenceAt(word, at);
      text += reference === undefined
        ? "$"
        : reference.modified === undefined
        ? valueOf(reference.name)
        : modifiedValue(reference.modified, variables, escape, valueOf, missing);
      at = reference?.next ?? at + 1;
    } else {
      text += character;
      at++;
    }
  }
  return { text, missing: [...new Set(missing)] };
}

interface Reference {
  readonly name: string;
  /** What stands in the braces, if it is more than a name. */
  readonly modified?: string;
  readonly next: number;
}

/** Undefined if the `$` at `at` begins no variable. */
function referenceAt(word: string, at: number): Reference | undefined {
  if (word[at + 1] !== "{") {
    const name = /^([A-Za-z_][A-Za-z0-9_]*|[0-9@*#])/.exec(word.slice(at + 1))?.[0];
    return name === undefined ? undefined : { name, next: at + 1 + name.length };
  }
  let depth = 1;
  for (let end = at + 2; end < word.length; end++) {
    if (word[end] === "{" && word[end - 1] === "$") depth++;
    if (word[end] !== "}" || --depth > 0) continue;
    const inside = word.slice(at + 2, end);
    const isName = /^\w+$/.test(inside);
    return { name: inside, ...(isName ? {} : { modified: inside }), next: end + 1 };
  }
  return undefined;
}

function modifiedValue(
  inside: string,
  variables: ReadonlyMap<string, string>,
  escape: EscapeCharacter,
  valueOf: (name: string) => string,
  missing: string[],
): string {
  const [, name, operator = "", rest = ""] = MODIFIED.exec(inside) ?? [];
  if (name === undefined || operator === "") {
    missing.push(inside);
    return "";
  }
  const operand = (): string => {
    const expanded = expandWord(rest, variables, escape);
    missing.push(...expanded.missing);
    return expanded.text;
  };
  const value = variables.get(name);
  const isThere = operator.startsWith(":") ? (value ?? "") !== "" : value !== undefined;
  switch (operator.at(-1)) {
    case "-":
      return isThere ? value! : operand();
    case "+":
      return isThere ? operand() : "";
    case "?":
      if (!isThere) missing.push(name);
      return value ?? "";
    case "#":
    case "%":
      return withoutMatch(valueOf(name), operator, operand());
    default:
      return withReplacement(valueOf(name), operator, rest);
  }
}

/** Without the shortest or the longest beginning (`#`, `##`) or end (`%`, `%%`) that matches. */
function withoutMatch(value: string, operator: string, pattern: string): string {
  const whole = new RegExp(`^(?:${globSource(pattern)})$`, "su");
  const isPrefix = operator.startsWith("#");
  const lengths = Array.from({ length: value.length + 1 }, (_, i) => i);
  if (operator.length === 2) lengths.reverse();
  for (const length of lengths) {
    const part = isPrefix ? value.slice(0, length) : value.slice(value.length - length);
    if (whole.test(part)) {
      return isPrefix ? value.slice(length) : value.slice(0, value.length - length);
    }
  }
  return value;
}

/** `/PATTERN/TEXT`: the first match; `//PATTERN/TEXT`: all. */
function withReplacement(value: string, operator: string, rest: string): string {
  const [, pattern = "", text = ""] = /^((?:\\[^]|[^/\\])*)(?:\/([^]*))?$/.exec(rest) ?? [];
  if (pattern === "") return value;
  return value.replace(
    new RegExp(globSource(pattern), operator === "//" ? "gsu" : "su"),
    () => text.replaceAll("\\/", "/"),
  );
}

/** A pattern of a shell as a regular expression: `*`, `?`, and a backslash before either. */
function globSource(pattern: string): string {
  return Array.from(pattern.matchAll(/\\([^])|([^])/gu), ([, escaped, plain]) => {
    if (plain === "*") return ".*";
    if (plain === "?") return ".";
    return (escaped ?? plain ?? "").replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  }).join("");
}
