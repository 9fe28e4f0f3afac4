/**
 * The last lines of a source without reading what is before them: files are read from their ends,
 * and only counted. What was found is a place to begin, from which the lines are read again in
 * order; so the memory does not depend on how many are asked for.
 */
import { linesBackward } from "../logdir/backward.ts";
import { LONGEST_LINE } from "./line_blocks.ts";
import type { OpenLogFile } from "./log_file.ts";
import { BEGINNING, type LogSource, type SourceStart } from "./log_source.ts";
import { StampReader } from "./stamp_reader.ts";

export interface Tail {
  readonly start: SourceStart;
  /** How many lines there are from there on, `count` or fewer. */
  readonly lines: number;
}

/** Where the last `count` lines of the source begin that its filter lets pass. */
export async function tailOf(source: LogSource, count: number): Promise<Tail> {
  let lines = 0;
  let start: SourceStart = { ...BEGINNING, file: source.files.length };
  for (let file = source.files.length - 1; file >= 0 && lines < count; file--) {
    const opened = source.opened(file);
    if (opened === undefined) continue;
    const wanted = count - lines;
    const compressed = opened.compression !== undefined;
    try {
      if (!compressed) {
        const found = plainTail(source, opened, wanted);
        lines += found.lines;
        start = { file, offset: found.offset, skip: 0 };
        if (found.over) break;
      }
    } finally {
      if (!source.holds(opened)) opened[Symbol.dispose]();
    }
    if (compressed) {
      const all = await countLines(source, file);
      lines += Math.min(all, wanted);
      start = { file, offset: 0, skip: Math.max(0, all - wanted) };
    }
  }
  return { start, lines };
}

async function countLines(source: LogSource, file: number): Promise<number> {
  let count = 0;
  for await (const batch of source.fileBatches(file, 0, 0)) count += batch.length;
  return count;
}

interface PlainTail {
  readonly lines: number;
  readonly offset: number;
  /** What is before it is older than what is asked for. */
  readonly over: boolean;
}

function plainTail(source: LogSource, { fd, size }: OpenLogFile, wanted: number): PlainTail {
  const reader = new StampReader();
  let lines = 0;
  let begin = size;
  for (const { bytes, offset } of linesBackward(fd, size, LONGEST_LINE)) {
    const stampBytes = reader.read(bytes);
    const side = stampBytes > 0 ? source.filter.side(reader.at) : "within";
    if (side === "before") return { lines, offset: begin, over: true };
    if (side === "after" || !source.filter.matches({ bytes, stampBytes, at: reader.at })) {
      continue;
    }
    begin = offset;
    if (++lines === wanted) break;
  }
  return { lines, offset: begin, over: false };
}
