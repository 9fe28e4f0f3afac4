/**
 * What a chain tells the process of ours in which it goes on, besides arguments, environment and descriptors: where its words stand in scripts, and
 * which standard descriptors are closed (the runtime opens them anew when it starts). One variable of the environment, which the new process
 * takes out again before anything else.
 *
 * JSON: { "closed": [0], "files": ["run"], "places": [file, line, column, ...] }, three numbers for each word, file -1 where nothing is known.
 * Pure.
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

/** The variable's value; undefined if there is nothing to tell. */
export function tellHandedOver({ words, closed }: HandedOver): string | undefined {
  const files = [...new Set(words.places.flatMap((place) => place === undefined ? [] : [place.file]))];
  if (files.length === 0 && closed.length === 0) return undefined;
  const places = words.places.flatMap((place) => place === undefined ? [-1, 0, 0] : [files.indexOf(place.file), place.line, place.column]);
  const text = JSON.stringify({ closed, files, places });
  if (text.length <= MAX_LENGTH) return text;
  return closed.length === 0 ? undefined : JSON.stringify({ closed, files: [], places: [] });
}

/** The words of this process's argv with their places, and what is closed. A value that does not fit them says nothing. */
export function hearHandedOver(texts: readonly string[], value: string | undefined): HandedOver {
  const heard = value === undefined ? {} : parsed(value);
  const closed = numbers(heard["closed"]).filter((fd) => fd >= 0 && fd <= 2);
  const files = Array.isArray(heard["files"]) ? heard["files"].filter((file) => typeof file === "string") : [];
  const all = numbers(heard["places"]);
  if (all.length !== texts.length * NUMBERS_PER_WORD) return { words: new Words(texts), closed };
  const place = (i: number): Place | undefined => {
    const [file, line, column] = all.slice(NUMBERS_PER_WORD * i) as [number, number, number];
    return files[file] === undefined ? undefined : { file: files[file], line, column };
  };
  return { words: new Words(texts, texts.map((_, i) => place(i))), closed };
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
