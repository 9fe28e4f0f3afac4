/** What an engine counts for those who ask: see lib/counters. */
import { countByte } from "../core/text/count_byte.ts";
import type { LogCounts } from "../counters/core/counts.ts";
import type { Logdir } from "./logdir.ts";
import type { OutputSink } from "./shared_output.ts";

const LF = 10;

/** What one engine has done since it began. */
export type EngineCounts = Omit<LogCounts, "service">;

/** Counts what is read. */
export class InputTally {
  /** Somebody wants to know how many lines there are: finding that out costs time. */
  countsLines = false;
  bytes = 0;
  lines = 0;

  /** @param lines Whole lines */
  add(lines: Uint8Array): void {
    this.bytes += lines.length;
    if (this.countsLines) this.lines += countByte(lines, LF);
  }
}

export interface CountedParts {
  readonly logdirs: readonly Pick<Logdir, "rotations" | "failures" | "pendingBytes">[];
  readonly outputs: readonly Pick<OutputSink, "allLeftOut" | "pendingBytes">[];
}

/** @param backlogBytes What was read and is still to be acted on */
export function engineCounts(
  { bytes, lines }: InputTally,
  { logdirs, outputs }: CountedParts,
  backlogBytes: number,
): EngineCounts {
  const sum = <T>(list: readonly T[], numberOf: (one: T) => number): number =>
    list.reduce((total, one) => total + numberOf(one), 0);
  return {
    bytes,
    lines,
    leftOut: sum(outputs, ({ allLeftOut }) => allLeftOut),
    rotations: sum(logdirs, ({ rotations }) => rotations),
    failures: sum(logdirs, ({ failures }) => failures),
    waiting: backlogBytes + sum(logdirs, ({ pendingBytes }) => pendingBytes) +
      sum(outputs, ({ pendingBytes }) => pendingBytes),
  };
}
