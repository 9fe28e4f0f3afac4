/**
 * Parses values of supervisord.conf as a command, an environment, a number or a boolean. Refuses
 * what supervisord refuses. Source: supervisor, options.py, datatypes.py. Pure.
 */
import { type PlannedWord, plannedWord, type WordVariable } from "./planned_word.ts";
import { type ExpandedPart, expandParts, type Expansions } from "./python_format.ts";
import { Refusal } from "../../grammars/core/refusal.ts";
import { type Entry, placeIn } from "../../grammars/core/section_file.ts";
import type { PlannedCommand } from "./service_plan.ts";
import { type Lexed, LexError, shlexSplit, shlexTokens } from "./shlex.ts";

/** @throws {Refusal} Always. */
export function refuse(entry: Entry, reason: string, at = 0): never {
  throw new Refusal(placeIn(entry, at), `${entry.key}: ${reason}`);
}

function lexing<T>(entry: Entry, lex: () => T): T {
  try {
    return lex();
  } catch (error) {
    if (error instanceof LexError) refuse(entry, error.message, error.at);
    throw error;
  }
}

export function commandOf(entry: Entry, values: Expansions): PlannedCommand {
  const words = lexing(entry, () => shlexSplit(expandParts(entry, values)));
  if (words.length === 0) refuse(entry, "it is empty");
  return { kind: "words", words: words.map(({ parts }): PlannedWord => plannedWord(parts)) };
}

/**
 * Parses `KEY="value",KEY2=value`. As in supervisord, every fourth token counts as a comma,
 * whatever it is.
 */
export function environmentOf(
  entry: Entry | undefined,
  values: Expansions,
): (readonly [name: string, value: PlannedWord])[] {
  if (entry === undefined) return [];
  const tokens = lexing(entry, () => shlexTokens(expandParts(entry, values)));
  const found: (readonly [string, PlannedWord])[] = [];
  for (let at = 0; at < tokens.length; at += 4) {
    const [name, equals, value] = tokens.slice(at, at + 3);
    if (name === undefined || value === undefined || textOf(equals) !== "=") {
      refuse(
        entry,
        "not KEY=value pairs with commas between them, values with other characters than letters, digits and /.+-():_ in quotes",
        faultAt(tokens, at),
      );
    }
    found.push([textOf(name) ?? "", plannedWord(stripped(value))]);
  }
  return found;
}

/** The position of a wrong token in place of a comma or, failing that, of a pair. */
function faultAt(tokens: readonly Lexed[], at: number): number {
  const before = tokens[at - 1];
  if (before !== undefined && textOf(before) !== ",") return before.at;
  return (tokens[at + 1] ?? tokens[at])?.at ?? 0;
}

function textOf(token: Lexed | undefined): string | undefined {
  const [part, ...more] = token?.parts ?? [];
  return typeof part === "string" && more.length === 0 ? part : undefined;
}

/** Python's strip('\'"'): removes all quotes at either end. */
function stripped({ parts }: Lexed): (string | WordVariable)[] {
  const first = parts[0];
  const front = typeof first === "string"
    ? [first.replace(/^['"]+/, ""), ...parts.slice(1)]
    : [...parts];
  const last = front.at(-1);
  return typeof last === "string" ? [...front.slice(0, -1), last.replace(/['"]+$/, "")] : front;
}

/** The expanded value as text; undefined if it depends on the container. */
export function partsText(parts: readonly ExpandedPart[]): string | undefined {
  const texts = parts.map(({ part }) => part);
  return texts.every((part) => typeof part === "string") ? texts.join("") : undefined;
}

export function numberOf(entry: Entry | undefined, usual: number): number {
  if (entry === undefined) return usual;
  const text = entry.value.trim();
  if (!/^[+-]?\d+$/.test(text)) refuse(entry, "not a number");
  return Number(text);
}

export function booleanOf(entry: Entry | undefined, usual: boolean): boolean {
  if (entry === undefined) return usual;
  if (/^(?:true|yes|on|1)$/i.test(entry.value)) return true;
  if (/^(?:false|no|off|0)$/i.test(entry.value)) return false;
  return refuse(entry, "neither true nor false");
}
