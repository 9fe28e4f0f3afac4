/**
 * A word of a service's command that may hold variables of the supervisor's environment, which are
 * known only when the service starts; and its form in sh and execline. Pure.
 */
import { quoteForExecline, quoteForShell } from "../../core/shell/quoting.ts";

export interface WordVariable {
  readonly variable: string;
  /** If the variable is not set, the service does not start; otherwise it counts as empty. */
  readonly isNeeded: boolean;
  /** Its value is split at blanks. */
  readonly isSplit?: boolean;
}

export type PlannedWord = string | readonly (string | WordVariable)[];

/** Joins parts to a word; the result is plain text if it has no variables. */
export function plannedWord(parts: readonly (string | WordVariable)[]): PlannedWord {
  return parts.every((part) => typeof part === "string") ? parts.join("") : parts;
}

export function variablesOf(word: PlannedWord): readonly WordVariable[] {
  return typeof word === "string" ? [] : word.filter((part) => typeof part !== "string");
}

export function shellWord(word: PlannedWord): string {
  if (typeof word === "string") return quoteForShell(word);
  if (word.some(isSplit)) {
    return word.map((part) =>
      typeof part === "string"
        ? quoteForShell(part)
        : part.isSplit
        ? braced(part)
        : `"${braced(part)}"`
    ).join("");
  }
  const parts = word.map((part) =>
    typeof part === "string" ? part.replace(/[\\"$`]/g, "\\$&") : braced(part)
  );
  return `"${parts.join("")}"`;
}

/** Whether its value is split at blanks into words, which a shell must not expand as file names. */
export function isSplit(part: string | WordVariable): boolean {
  return typeof part !== "string" && part.isSplit === true;
}

function braced({ variable, isNeeded }: WordVariable): string {
  return `\${${variable}${isNeeded ? "?" : ""}}`;
}

export function execlineWord(word: PlannedWord): string {
  if (typeof word !== "string") {
    return quoteForExecline(
      word.map((part) => typeof part === "string" ? part : placeholder(part)).join(""),
    );
  }
  const quoted = /^[A-Za-z0-9_@%+=:,.$/-]+$/.test(word) && !word.startsWith("#")
    ? word
    : quoteForExecline(word);
  // nothing replaces it: so it can be seen that this is meant
  return quoted.replaceAll(/\$(?=\{?[A-Za-z_])/g, "\\$");
}

/**
 * A name that no word contains by accident, because execline replaces it in everything that
 * follows.
 */
function placeholder(part: WordVariable): string {
  return `\${${placeholderName(part)}}`;
}

function placeholderName({ variable, isSplit: splits }: WordVariable): string {
  return `${splits ? "words" : "env"}:${variable}`;
}

/** The lines of execline that give such words their variables. */
export function importLines(words: readonly PlannedWord[]): string[] {
  const lines = words.flatMap(variablesOf).map((part) =>
    `importas ${part.isNeeded ? "-i" : '-D ""'} ${part.isSplit ? "-s -C " : ""}${
      placeholderName(part)
    } ${part.variable}`
  );
  return [...new Set(lines)];
}
