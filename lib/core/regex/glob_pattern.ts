/**
 * Shell patterns: `*`, `?`, `[a-z]`, `[!a]`, and `\` before a character that stands for itself. A
 * slash is matched by a slash only. Source: glob(7), POSIX 2.13. Names of classes and ranges go by
 * code point, as in the C locale. Pure.
 */

const SPECIAL = /[*?[\\]/;

/** Does a pattern hold anything that is not to be taken literally? */
export function isPattern(text: string): boolean {
  return SPECIAL.test(text);
}

/**
 * A test for one component of a path. A dot at its beginning is matched by a dot in the pattern
 * only.
 *
 * @param pattern without slashes
 */
export function componentMatcher(pattern: string): (name: string) => boolean {
  const expression = new RegExp(`^${translate(pattern)}$`, "su");
  const shown = pattern.startsWith(".") || pattern.startsWith("\\.");
  return (name) => (shown || !name.startsWith(".")) && expression.test(name);
}

/** The text that a pattern without `*`, `?` and `[` stands for. */
export function unescapePattern(pattern: string): string {
  return pattern.replace(/\\(.)/gsu, "$1");
}

const CLASSES: Readonly<Record<string, string>> = {
  alnum: "0-9A-Za-z",
  alpha: "A-Za-z",
  blank: " \\t",
  cntrl: "\\x00-\\x1f\\x7f",
  digit: "0-9",
  graph: "!-~",
  lower: "a-z",
  print: " -~",
  punct: "!-\\/:-@\\[-`\\{-~",
  space: " \\t\\n\\v\\f\\r",
  upper: "A-Z",
  xdigit: "0-9A-Fa-f",
};

function literal(character: string): string {
  return character.replace(
    /[\\^$.*+?()[\]{}|/\-&]/gu,
    (c) => c === "&" || c === "-" ? `\\x${c.charCodeAt(0).toString(16)}` : `\\${c}`,
  );
}

function translate(pattern: string): string {
  let result = "";
  for (let at = 0; at < pattern.length;) {
    const character = String.fromCodePoint(pattern.codePointAt(at)!);
    const bracket = character === "[" ? readBracket(pattern, at) : undefined;
    if (bracket !== undefined) {
      result += bracket.expression;
      at = bracket.end;
      continue;
    }
    at += character.length;
    if (character === "*") {
      result += ".*";
    } else if (character === "?") {
      result += ".";
    } else if (character === "\\" && at < pattern.length) {
      const escaped = String.fromCodePoint(pattern.codePointAt(at)!);
      result += literal(escaped);
      at += escaped.length;
    } else {
      result += literal(character);
    }
  }
  return result;
}

/**
 * The bracket expression at `start`, or `undefined` if it has no end: then the `[` stands for
 * itself.
 */
function readBracket(
  pattern: string,
  start: number,
): { readonly expression: string; readonly end: number } | undefined {
  let at = start + 1;
  const negated = pattern[at] === "!" || pattern[at] === "^";
  if (negated) at++;
  let inside = "";
  for (let first = true; first || pattern[at] !== "]"; first = false) {
    if (at >= pattern.length) return undefined;
    const named = /^\[:([a-z]+):\]/.exec(pattern.slice(at));
    if (named !== null && CLASSES[named[1]!] !== undefined) {
      inside += CLASSES[named[1]!];
      at += named[0].length;
      continue;
    }
    const low = readMember(pattern, at);
    at = low.end;
    if (pattern[at] === "-" && at + 1 < pattern.length && pattern[at + 1] !== "]") {
      const high = readMember(pattern, at + 1);
      at = high.end;
      if (low.character.codePointAt(0)! <= high.character.codePointAt(0)!) {
        inside += `${literal(low.character)}-${literal(high.character)}`;
      }
    } else {
      inside += literal(low.character);
    }
  }
  // an empty class matches nothing, as [b-a] does
  return { expression: `[${negated ? "^" : ""}${inside}]`, end: at + 1 };
}

function readMember(
  pattern: string,
  at: number,
): { readonly character: string; readonly end: number } {
  const from = pattern[at] === "\\" && at + 1 < pattern.length ? at + 1 : at;
  const character = String.fromCodePoint(pattern.codePointAt(from)!);
  return { character, end: from + character.length };
}
