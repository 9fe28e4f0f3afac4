/**
 * Durations and sizes as Compose writes them: `1m30s`, `1.5s`, `500ms`; `64m`, `1gb`, `300kB`.
 * Source: Compose specification, 11-extension.md, "Specifying durations", "Specifying byte values".
 * Pure.
 */

const DURATION_MS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const SIZE_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
};
/** Longer times are none that anybody means; files of a service directory hold 32 bits. */
const MAX_DURATION_MS = 2 ** 31 - 1;

/** Milliseconds, rounded up; undefined if it is no duration, or longer than 24 days. */
export function composeDurationMs(text: string): number | undefined {
  if (text === "0") return 0;
  if (!/^(?:\d+(?:\.\d+)?(?:us|ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(us|ms|[smhd])/g)) {
    total += Number(number) * DURATION_MS[unit!]!;
  }
  // 0.07 s are 70.00000000000001 ms in floating point
  const ms = Math.ceil(Number(total.toFixed(6)));
  return ms > MAX_DURATION_MS ? undefined : ms;
}

/** Bytes; a number alone counts bytes. Undefined if it is no size. */
export function composeSizeBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(b|kb?|mb?|gb?)?$/i.exec(text);
  if (match === null) return undefined;
  const bytes = Math.floor(Number(match[1]) * SIZE_BYTES[(match[2] ?? "b").toLowerCase()]!);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}
