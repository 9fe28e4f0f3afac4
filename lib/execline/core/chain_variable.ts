/**
 * What a chain tells the process of ours in which it goes on, besides arguments, environment and
 * descriptors: where its words stand in scripts, which standard descriptors are closed (the runtime
 * opens them anew when it starts), and words that are not UTF-8 (the runtime starts with no such
 * arguments). One variable of the environment, which the new process takes out again before
 * anything else.
 *
 * JSON: { "closed": [0], "files": ["run"], "places": [file, line, column, ...], "words": ["cd",
 * ...] }; three numbers for each word, file -1 where nothing is known; "words" only if the
 * arguments are not what they should be. Pure.
 */
import { type Place, Words } from "./words.ts";

export const HANDED_OVER = "HEXAD_CHAIN";

/** Far below what exec takes: places are not worth a program that can't be started. */
const MAX_LENGTH = 65536;
const NUMBERS_PER_WORD = 3;

export interface HandedOver {
  readonly words: Words;
  /** Of 0, 1 and 2, those that are closed. */
  readonly closed: readonly number[];
}

/** Words that the runtime can start with: what is not UTF-8 is replaced. */
export function startableWords(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.toWellFormed());
}

/** The variable's value; undefined if there is nothing to tell. */
export function tellHandedOver({ words, closed }: HandedOver): string | undefined {
  const files = [
    ...new Set(words.places.flatMap((place) => place === undefined ? [] : [place.file])),
  ];
  const exact = words.texts.every((text) => text.isWellFormed()) ? {} : { words: words.texts };
  const needed = closed.length === 0 && exact.words === undefined
    ? undefined
    : JSON.stringify({ closed, ...exact });
  if (files.length === 0) return needed;
  const places = words.places.flatMap((place) =>
    place === undefined ? [-1, 0, 0] : [files.indexOf(place.file), place.line, place.column]
  );
  const text = JSON.stringify({ closed, files, places, ...exact });
  return text.length <= MAX_LENGTH ? text : needed;
}

/**
 * The words of this process's argv with their places, and what is closed. A value that does not fit
 * them says nothing.
 */
export function hearHandedOver(argv: readonly string[], value: string | undefined): HandedOver {
  const heard = value === undefined ? {} : parsed(value);
  const texts = exactWords(argv, heard["words"]);
  const closed = numbers(heard["closed"]).filter((fd) => fd >= 0 && fd <= 2);
  const files = Array.isArray(heard["files"])
    ? heard["files"].filter((file) => typeof file === "string")
    : [];
  const all = numbers(heard["places"]);
  if (all.length !== texts.length * NUMBERS_PER_WORD) return { words: new Words(texts), closed };
  const place = (i: number): Place | undefined => {
    const [file, line, column] = all.slice(NUMBERS_PER_WORD * i, NUMBERS_PER_WORD * (i + 1)) as [
      number,
      number,
      number,
    ];
    return files[file] === undefined ? undefined : { file: files[file], line, column };
  };
  return { words: new Words(texts, texts.map((_, i) => place(i))), closed };
}

/** The value, if it belongs to exactly these arguments. */
function exactWords(argv: readonly string[], told: unknown): readonly string[] {
  const words: unknown[] = Array.isArray(told) ? told : [];
  const texts = words.filter((word) => typeof word === "string");
  const fit = texts.length === argv.length &&
    startableWords(texts).every((text, i) => i === 0 || text === argv[i]);
  return fit ? texts : argv;
}

function parsed(value: string): Record<string, unknown> {
  try {
    const heard: unknown = JSON.parse(value);
    return typeof heard === "object" && heard !== null ? heard as Record<string, unknown> : {};
  } catch {
    return {}; // somebody else's variable
  }
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((number) => Number.isSafeInteger(number)) : [];
}
