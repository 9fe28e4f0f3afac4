/**
 * A file of variables in Compose's grammar: `NAME=value`, `NAME: value`, `export NAME=value`; single
 * quotes keep everything but `\'`, double quotes know the escapes of Go, `\"` and `\$`, and both
 * may go over several lines; ` #` begins a comment; variables are put in, except in single quotes. A name
 * alone takes its value from the environment. A name has letters and digits of any script, `_`, `.`,
 * `-`, `[` and `]`. Source: Compose specification, 05-services.md,
 * "env_file"; compose-go, dotenv/parser.go. Pure.
 */
import { fillTemplate } from "./compose_template.ts";
import type { FileVariables } from "./environment_format.ts";

const HEAD = /^\s*(?:export\s+)?([\p{L}\p{N}_.[\]-]+)[ \t]*(?:([=:])[ \t]*)?/u;

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  '"': '"',
  "\\": "\\",
};

export function readComposeEnvironment(
  text: string,
  outer: (name: string) => string | undefined,
): FileVariables {
  const variables = new Map<string, string>();
  const faults: { line: number; text: string }[] = [];
  const lookup = (name: string): string | undefined => outer(name) ?? variables.get(name);
  const source = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  let line = 1;
  let at = 0;
  while (at < source.length) {
    const end = lineEnd(source, at);
    const head = HEAD.exec(source.slice(at, end));
    const raw = source.slice(at, end).trim();
    if (raw === "" || raw.startsWith("#")) {
      at = end + 1;
      line++;
      continue;
    }
    const begun = at + (head?.[0].length ?? 0);
    const name = head?.[1] ?? "";
    if (head === null || head[2] === undefined && begun < end && source[begun] !== "#") {
      faults.push({ line, text: `${raw.slice(0, 60)}: not NAME=VALUE` });
      at = end + 1;
      line++;
      continue;
    }
    const value = head[2] === undefined
      ? { text: outer(name), next: end }
      : valueAt(source, begun, end, lookup);
    if ("fault" in value) faults.push({ line, text: `${name}: ${value.fault}` });
    else if (value.text !== undefined) variables.set(name, value.text);
    const next = lineEnd(source, value.next);
    line += source.slice(at, next).split("\n").length;
    at = next + 1;
  }
  return { variables: [...variables], faults };
}

function lineEnd(source: string, from: number): number {
  const end = source.indexOf("\n", from);
  return end < 0 ? source.length : end;
}

type Value =
  | { readonly text: string | undefined; readonly next: number }
  | { readonly fault: string; readonly next: number };

/** The value that begins at `from`; `end` is the end of that line. */
function valueAt(
  source: string,
  from: number,
  end: number,
  lookup: (name: string) => string | undefined,
): Value {
  const quote = source[from];
  if (quote !== "'" && quote !== '"') {
    const plain = source.slice(from, end).replace(/ #.*$/, "").trimEnd();
    return filled(plain, end, lookup);
  }
  let inside = "";
  for (let at = from + 1; at < source.length; at++) {
    const character = source[at]!;
    if (character === quote) {
      return quote === "'" ? { text: inside, next: at } : filled(inside, at, lookup);
    }
    if (quote === '"' && character === "\\" && at + 1 < source.length) {
      const next = source[++at]!;
      inside += next === "$" ? "$$" : ESCAPES[next] ?? `\\${next}`;
    } else if (character === "\\" && source[at + 1] === quote) {
      inside += source[++at];
    } else inside += character;
  }
  return { fault: "a quote is not closed", next: end };
}

function filled(
  text: string,
  next: number,
  lookup: (name: string) => string | undefined,
): Value {
  const value = fillTemplate(text, lookup);
  return value.kind === "text" ? { text: value.text, next } : { fault: value.text, next };
}
