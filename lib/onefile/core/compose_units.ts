/**
 * Durations and sizes as Compose's own program reads them: `1m30s`, `1.5s`, `.5m`, `1w`; `64m`,
 * `1 GiB`, `300kB`. Source: Compose specification, 11-extension.md, "Specifying durations",
 * "Specifying byte values"; go-str2duration, str2duration.go; docker/go-units, size.go. Pure.
 */

const DURATION_MS: Readonly<Record<string, number>> = {
  ns: 0.000_001,
  us: 0.001,
  "\u00b5s": 0.001, // the micro sign
  "\u03bcs": 0.001, // the Greek letter
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const SIZE_LETTERS = "bkmgtp";
/** Longer times are none that anybody means; files of a service directory hold 32 bits. */
const MAX_DURATION_MS = 2 ** 31 - 1;

const PIECE = `(?:\\d+\\.?\\d*|\\.\\d+)(?:${Object.keys(DURATION_MS).join("|")})`;
/** What is a duration by its form. */
export const DURATION_PATTERN = `^\\+?(?:0|(?:${PIECE})+)$`;
/** What is a size by its form. */
export const SIZE_PATTERN = "^\\+?(?:\\d+\\.?\\d*|\\.\\d+) ?(?:[bB]|[kmgtpKMGTP](?:[iI]?[bB])?)?$";

/** Milliseconds, rounded up; undefined if it is no duration, or longer than 24 days. */
export function composeDurationMs(text: string): number | undefined {
  if (!new RegExp(DURATION_PATTERN).test(text)) return undefined;
  let total = 0;
  for (const [piece] of text.matchAll(new RegExp(PIECE, "g"))) {
    const unit = piece.replace(/^[\d.]+/, "");
    total += Number(piece.slice(0, -unit.length)) * DURATION_MS[unit]!;
  }
  // 0.07 s are 70.00000000000001 ms in floating point
  const ms = Math.ceil(Number(total.toFixed(6)));
  return ms > MAX_DURATION_MS ? undefined : ms;
}

/** Bytes; a number alone counts bytes. Undefined if it is no size. */
export function composeSizeBytes(text: string): number | undefined {
  if (!new RegExp(SIZE_PATTERN).test(text)) return undefined;
  const letter = /[a-z]/i.exec(text)?.[0].toLowerCase() ?? "b";
  const bytes = Math.floor(Number.parseFloat(text) * 1024 ** SIZE_LETTERS.indexOf(letter));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
