/** Numbered lines, and whether a log directory holds them: each once, in order, none split. */
import { assert, assertEquals } from "@std/assert";
import { isArchiveName } from "../../lib/logdir/core/rotation.ts";

const DECODER = new TextDecoder("latin1");

/** `1 xxx\n` and so on: lines of different lengths. */
export function numberedLines(count: number, from = 1): string {
  return Array.from(
    { length: count },
    (_, index) => `${from + index} ${"x".repeat((from + index) % 90)}\n`,
  ).join("");
}

/** The archives of a log directory, the oldest first. */
export function archivesOf(logdir: string): string[] {
  return [...Deno.readDirSync(logdir)].map(({ name }) => name).filter(isArchiveName).sort();
}

/**
 * What its archives, `previous` if it is there (else what was made of it), and `current` hold, in
 * this order.
 */
export function logFiles(logdir: string): string[] {
  for (;;) {
    const names = [...Deno.readDirSync(logdir)].map(({ name }) => name);
    const last = names.includes("previous") ? "previous" : "processed";
    const files = [...names.filter(isArchiveName).sort(), last, "current"].filter((name) =>
      names.includes(name)
    );
    try {
      // for a moment an archive is still called `previous` too
      const seen = new Set<number | null>();
      return files.filter((name) => {
        const { ino } = Deno.statSync(`${logdir}/${name}`);
        return !seen.has(ino) && seen.add(ino);
      }).map((name) => DECODER.decode(Deno.readFileSync(`${logdir}/${name}`)));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      // a rotation has renamed a file meanwhile
    }
  }
}

/**
 * @throws {AssertionError} If the log directory does not hold the lines `from` to `last`, each
 *   once, in order, and whole.
 */
export function assertComplete(logdir: string, last: number, from = 1): void {
  const files = logFiles(logdir);
  for (const file of files) {
    assert(
      file === "" || file.endsWith("\n"),
      `a file ends within a line: ${JSON.stringify(file.slice(-40))}`,
    );
  }
  const numbers = files.join("").split("\n").slice(0, -1).map((line) => Number(line.split(" ")[0]));
  const wrong = numbers.findIndex((number, index) => number !== from + index);
  assertEquals(
    {
      wrong,
      around: wrong < 0 ? [] : numbers.slice(Math.max(0, wrong - 2), wrong + 3),
      last: numbers.at(-1),
    },
    { wrong: -1, around: [], last },
  );
}

/** The number of the last whole line of a file; 0 if there is none, or no file. */
function lastNumber(path: string): number {
  try {
    const text = DECODER.decode(Deno.readFileSync(path));
    return Number(
      text.slice(0, text.lastIndexOf("\n") + 1).trimEnd().split("\n").at(-1)!.split(" ")[0],
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/**
 * The number of the last whole line, be it in `current` or, if that has none, in what was current
 * before; or 0.
 */
export function lastLogged(logdir: string): number {
  const current = lastNumber(`${logdir}/current`);
  if (current > 0) return current;
  try {
    const previous = lastNumber(`${logdir}/previous`);
    return previous > 0 ? previous : lastNumber(`${logdir}/${archivesOf(logdir).at(-1)}`);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

export interface Gap {
  /** The last number before it. */
  readonly after: number;
  readonly missingLines: number;
}

/**
 * The places at which lines are missing. Every whole line must be there once and in order. A part
 * of a line can stand where a file that a killed logger has left ends, and where the next one
 * begins.
 *
 * @throws {AssertionError} If anything else is wrong.
 */
export function gapsOf(logdir: string, whole: RegExp): Gap[] {
  const gaps: Gap[] = [];
  let last = 0;
  for (const [index, file] of logFiles(logdir).entries()) {
    const lines = file.split("\n");
    for (const [place, line] of lines.entries()) {
      const isLast = place === lines.length - 1;
      if (isLast && line === "") continue;
      if (isLast || !whole.test(line)) {
        assert(
          isLast || (place === 0 && index > 0),
          `within a file stands ${JSON.stringify(line.slice(0, 100))}`,
        );
        continue;
      }
      const number = Number(line.split(" ")[0]);
      assert(number > last, `${number} comes after ${last}`);
      if (number > last + 1) gaps.push({ after: last, missingLines: number - last - 1 });
      last = number;
    }
  }
  return gaps;
}
