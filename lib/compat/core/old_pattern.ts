/**
 * Patterns of multilog and svlogd as extended regular expressions. They match from the beginning of
 * a line to its end: a star is anything up to the character behind it, and at the end anything. In
 * svlogd's, a plus is one or more of the character behind it. Source: daemontools, multilog(8);
 * runit, svlogd(8). Pure.
 */

/** What a stamp of multilog may be made of; it is the beginning of the line for its patterns. */
const STAMP_CHARACTERS = /[@0-9a-f ]/;
/** Matches no line. */
const NEVER = "$^.";

export function oldPattern(pattern: string, { plus }: { readonly plus: boolean }): string {
  let expression = "^";
  for (let at = 0; at < pattern.length; at++) {
    const [character, next] = [pattern[at]!, pattern[at + 1]];
    if (character === "*" && next === undefined) return expression;
    if (character === "*") expression += `[^${next}]*`;
    else if (plus && character === "+" && next !== undefined) {
      expression += `${literal(next)}+`;
      at++;
    } else expression += literal(character);
  }
  return `${expression}$`;
}

/**
 * A pattern of multilog, for the line behind its stamp, where it was made for the whole. One that
 * depends on the stamp's digits matches nothing.
 */
export function patternBehindStamp(pattern: string): string {
  if (pattern === "*" || pattern === "@*") return oldPattern("*", { plus: false });
  const rest = pattern.replace(/^@(?=\*)/, "");
  if (rest.startsWith("* ")) return oldPattern(rest.slice(2), { plus: false });
  const runsThrough = rest.startsWith("*") && !STAMP_CHARACTERS.test(rest[1]!);
  return runsThrough ? oldPattern(rest, { plus: false }) : NEVER;
}

function literal(character: string): string {
  return /[\\^$.[\](){}*+?|]/.test(character)
    ? `[${character}]`.replace("[^]", "\\^").replace("[\\]", "\\\\")
    : character;
}
