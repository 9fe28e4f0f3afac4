/** What loggers are given: files of numbered lines of one length, with a level in each. */

/** One line in ten is of this level; the selection of the benchmark leaves it out. */
export const DESELECTED_LEVEL = "DEBUG";

const LEVELS = [
  "INFO",
  "INFO",
  "INFO",
  DESELECTED_LEVEL,
  "INFO",
  "INFO",
  "WARN",
  "INFO",
  "INFO",
  "INFO",
] as const;
const NUMBER_DIGITS = 10;
const WORDS =
  "request from 10.1.2.3 for /index.html took 12 ms, 200 OK; user agent and referrer are not told; ";
const BLOCK_BYTES = 1 << 20;

export interface LogInput {
  readonly path: string;
  readonly bytes: number;
  /** With its newline; of a level that is selected. */
  readonly lastLine: string;
}

function lineOf(number: number, padding: string): string {
  return `${String(number).padStart(NUMBER_DIGITS, "0")} ${
    LEVELS[number % LEVELS.length]!.padEnd(5)
  } ${padding}\n`;
}

/** Writes a file of about `bytes` bytes. @param lineBytes of each line, with its newline */
export function writeInput(path: string, lineBytes: number, bytes: number): LogInput {
  const padding = WORDS.repeat(Math.ceil(lineBytes / WORDS.length)).slice(
    0,
    lineBytes - lineOf(0, "").length,
  );
  // so that the last one is of the last level
  const count = Math.floor(bytes / lineBytes / LEVELS.length) * LEVELS.length;
  const perBlock = Math.floor(BLOCK_BYTES / lineBytes);
  const encoder = new TextEncoder();
  using file = Deno.openSync(path, { write: true, create: true, truncate: true });
  for (let first = 0; first < count; first += perBlock) {
    const lines = Array.from(
      { length: Math.min(perBlock, count - first) },
      (_, index) => lineOf(first + index, padding),
    );
    const block = encoder.encode(lines.join(""));
    for (let at = 0; at < block.length;) at += file.writeSync(block.subarray(at));
  }
  return { path, bytes: count * lineBytes, lastLine: lineOf(count - 1, padding) };
}
