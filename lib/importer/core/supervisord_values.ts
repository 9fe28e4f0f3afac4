/**
 * Values of supervisord.conf: what is expanded in them, and how they are read as a command, an
 * environment, a number or a boolean. Pure.
 */
import type { Notes } from "./import_notes.ts";
import type { Entry } from "./section_file.ts";
import type { ServicePlan } from "./service_plan.ts";
import { quoteForShell } from "../../core/shell/quoting.ts";
import { splitShellWords } from "../../core/shell/shell_words.ts";

const MAX_WIDTH = 20;

/** What `%(name)s` stands for, by name. */
export type Expansions = Readonly<Record<string, string | number>>;

/** An expansion that is still there, because only the container's environment has its value. */
export const UNRESOLVED = /%\(([A-Za-z0-9_]+)\)0?\d*[sd]/;

/** `%(name)s`, `%(process_num)02d`. What stands in the environment is left as `%(ENV_X)s`. */
export function expand(text: string, values: Expansions): string {
  return text.replace(
    /%\(([A-Za-z0-9_]+)\)(0?)(\d*)([sd])|%%/g,
    (whole, name: string | undefined, zero: string, width: string) => {
      if (name === undefined) return "%";
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined
        ? whole
        : String(value).padStart(Math.min(MAX_WIDTH, Number(width || 0)), zero === "0" ? "0" : " ");
    },
  );
}

/** Words as shlex has them; with variables of the container, a line for a shell. */
export function commandOf(entry: Entry, values: Expansions, notes: Notes): ServicePlan["command"] {
  const words = splitShellWords(expand(entry.value.replaceAll("\n", " "), values));
  if (words === undefined) {
    notes.entry(entry, "its quotes don't match; it is given to a shell as it is");
    return { kind: "shell", line: expand(entry.value, values) };
  }
  if (!words.some((word) => UNRESOLVED.test(word))) return { kind: "words", words };
  const unknown = words.flatMap((word) => [...word.matchAll(new RegExp(UNRESOLVED, "g"))]).find((
    [, name],
  ) => !name!.startsWith("ENV_"));
  if (unknown !== undefined) notes.entry(entry, `${unknown[0]} is not known`);
  return { kind: "shell", line: words.map(shellWord).join(" ") };
}

/** A word with `%(ENV_X)s` in it, as `"$X"`. */
function shellWord(word: string): string {
  const parts = word.split(/%\(ENV_([A-Za-z0-9_]+)\)s/);
  if (parts.length === 1) return quoteForShell(word);
  return `"${
    parts.map((part, i) => i % 2 === 1 ? `\${${part}}` : part.replace(/[\\"$`]/g, "\\$&")).join("")
  }"`;
}

/** `KEY="value",KEY2=value`. */
export function environmentOf(
  entry: Entry,
  values: Expansions,
  notes: Notes,
): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = [];
  const text = entry.value.replaceAll("\n", " ");
  for (
    const [whole, name, double, single, bare] of text.matchAll(
      /\s*([^=,\s]+)\s*=\s*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([^,]*))\s*(?:,|$)|[^,]+,?/g,
    )
  ) {
    if (name === undefined || /[/\0]|^\./.test(name)) {
      if (whole.trim() !== "") notes.entry(entry, `not KEY=value: ${whole.trim()}`);
      continue;
    }
    const value = expand(
      double?.replace(/\\(["\\])/g, "$1") ?? single ?? (bare ?? "").trim(),
      values,
    );
    if (UNRESOLVED.test(value)) {
      notes.entry(
        entry,
        `${name} is left out: only the environment of the container tells what it is`,
      );
    } else found.push([name, value]);
  }
  return found;
}

export function numberOf(entry: Entry | undefined, usual: number, notes: Notes): number {
  if (entry === undefined) return usual;
  if (/^\d+$/.test(entry.value)) return Number(entry.value);
  notes.entry(entry, `not a number; ${usual} is taken`);
  return usual;
}

export function isTrue(entry: Entry | undefined): boolean {
  return entry !== undefined && /^(?:true|yes|on|1)$/i.test(entry.value);
}
