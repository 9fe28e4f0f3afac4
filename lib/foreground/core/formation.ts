/**
 * How many processes of each type run: foreman's `-m web=2,worker=1`. A type that is not named has
 * none; `all=N` gives their number. Source: foreman(1); foreman, lib/foreman/engine.rb,
 * parse_formation. Pure.
 */

export interface Formation {
  readonly counts: ReadonlyMap<string, number>;
  /** Of each other type. */
  readonly others: number;
}

/** One of each. */
export const ONE_OF_EACH: Formation = { counts: new Map(), others: 1 };

const MOST = 1000;

/** @throws {SyntaxError} If it is not a list of NAME=NUMBER. */
export function parseFormation(text: string): Formation {
  const counts = new Map<string, number>();
  let others = 0;
  for (const pair of text.replaceAll(/\s/g, "").split(",")) {
    const [, name, digits] = /^([A-Za-z0-9_-]+)=(\d{1,9})$/.exec(pair) ?? [];
    if (name === undefined) throw new SyntaxError(`${pair} is not NAME=NUMBER`);
    const count = Number(digits);
    if (count > MOST) throw new SyntaxError(`${pair}: more than ${MOST} processes`);
    if (name === "all") others = count;
    else counts.set(name, count);
  }
  return { counts, others };
}

/** One process of each of these types. */
export function onlyThese(names: readonly string[]): Formation {
  return { counts: new Map(names.map((name) => [name, 1])), others: 0 };
}

export function countOf({ counts, others }: Formation, name: string): number {
  return counts.get(name) ?? others;
}
