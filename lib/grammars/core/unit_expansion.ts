/**
 * Variables in the words of a systemd command: `${X}` within a word, `$X` as a whole word, which
 * becomes any number of words, and `$$` for a dollar. Source: systemd.service(5), "Command lines";
 * systemd, src/basic/env-util.c, replace_env_argv(). Pure.
 */
import { splitUnitWords } from "./unit_words.ts";

/** The value of a variable; undefined: it is not set and counts as empty. */
export type Lookup = (name: string) => string | undefined;

const LIST = /^\$([A-Za-z_][A-Za-z0-9_]*)$/;
/** What is replaced within a word. A `$NAME` there is not. */
const WITHIN = /\$\$|\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The variables in a word, and whether the word becomes several words. */
export function unitVariables(
  word: string,
): { readonly names: string[]; readonly isList: boolean } {
  const list = LIST.exec(word);
  if (list !== null) return { names: [list[1]!], isList: true };
  return {
    names: [...word.matchAll(WITHIN)].flatMap(([, name]) => name ?? []),
    isList: false,
  };
}

/** Whether systemd replaces something in it. */
export function isExpanded(word: string): boolean {
  return LIST.test(word) || new RegExp(WITHIN).test(word);
}

export function expandUnitWords(words: readonly string[], lookup: Lookup): string[] {
  return words.flatMap((word) => {
    const list = LIST.exec(word);
    if (list !== null) return splitUnitWords(lookup(list[1]!) ?? "", { isRelaxed: true }) ?? [];
    return [
      splitWithin(word).map((part) => typeof part === "string" ? part : lookup(part.variable) ?? "")
        .join(""),
    ];
  });
}

/** Splits a word that is not a list into its text and its variables. */
export function splitWithin(word: string): (string | { readonly variable: string })[] {
  const parts: (string | { variable: string })[] = [];
  let at = 0;
  for (const match of word.matchAll(WITHIN)) {
    parts.push(word.slice(at, match.index));
    parts.push(match[1] === undefined ? "$" : { variable: match[1] });
    at = match.index + match[0].length;
  }
  parts.push(word.slice(at));
  return parts.filter((part) => part !== "");
}
