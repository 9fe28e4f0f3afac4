/**
 * Detects an `up` that was written for a shell. An `up` is one command line in execline, so such a
 * file compiles but then does something else, or nothing. Source: docs/rc.md. Pure.
 */
import { parseScript, ScriptError } from "../../../execline/core/execline_script.ts";
import { decodePath } from "../../../core/text/path_bytes.ts";
import { baseName } from "../../../core/text/path_name.ts";

export interface ShellTrait {
  /** The part that gives it away, such as `&&`. */
  readonly what: string;
  readonly line: number;
}

const OPERATORS = /^(?:&&|\|\||\||;|&|[0-9]?>>?(?:&[0-9-])?|[0-9]?<|2>&1|&>)$/;
const REDIRECTIONS = /^(?:[0-9]?>>?|&>)[/&\w.]/;
const KEYWORDS = new Set(["then", "fi", "do", "done", "elif", "esac", "[[", "function", "local"]);
/** Commands that exist only in a shell. */
const BUILTINS = new Set([
  "set",
  "source",
  ".",
  "export",
  "alias",
  "declare",
  "local",
  "shopt",
  "eval",
]);
/** Programs whose argument is a script in another language. */
const SHELL_STRINGS = new Set(["sh", "bash", "ash", "dash", "busybox"]);

/**
 * @param isLink Whether a program executes the rest of its command line, as the links of execline
 *   do
 */
export function shellTrait(
  bytes: Uint8Array,
  isLink: (name: string) => boolean,
): ShellTrait | undefined {
  let words;
  try {
    words = parseScript(bytes, "up");
  } catch (error) {
    if (error instanceof ScriptError) return undefined;
    throw error;
  }
  if (words.length === 0) return undefined;
  const places = words.texts.map((text, at) => ({ text, line: words.places[at]?.line ?? 1 }));
  const quoted = quotedWords(decodePath(bytes));
  const first = places[0]!;
  const name = baseName(first.text);
  if (/^[A-Za-z_]\w*=/.test(first.text)) return { what: first.text, line: first.line };
  if (BUILTINS.has(first.text) && !isLink(first.text)) {
    return { what: first.text, line: first.line };
  }
  // what follows `sh -c` is meant for that shell
  const inner = places.findIndex(({ text }, at) =>
    SHELL_STRINGS.has(baseName(text.trim())) && places[at + 1]?.text.trim() === "-c"
  );
  for (const { text, line } of inner < 0 ? places : places.slice(0, inner)) {
    const variable = /\$\{?([A-Za-z_]\w*)\}?/.exec(text)?.[1];
    if (variable !== undefined && !places.some((word) => word.text.trim() === variable)) {
      return { what: `$${variable}`, line };
    }
    // a quoted operator is meant as a word
    if (quoted.has(text.trim())) continue;
    if (
      OPERATORS.test(text.trim()) || REDIRECTIONS.test(text.trim()) || KEYWORDS.has(text.trim())
    ) return { what: text.trim(), line };
    if (text.length > 1 && text.endsWith(";")) return { what: ";", line };
    if (/\$\(|`/.test(text)) return { what: text.trim(), line };
  }
  const later = places.find(({ line }) => line > first.line);
  const indented = later !== undefined &&
    /^[ \t]/.test(decodePath(bytes).split("\n")[later.line - 1] ?? "");
  const continued = (decodePath(bytes).split("\n")[first.line - 1] ?? "").endsWith("\\");
  if (later !== undefined && !indented && !continued && !isLink(name)) {
    return { what: "more than one line", line: later.line };
  }
  return undefined;
}

/** The texts between double quotes. */
function quotedWords(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"/g), (match) => match[1]!));
}
