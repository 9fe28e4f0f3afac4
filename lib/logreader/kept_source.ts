/** The lines of a service without a log directory, as they are kept in memory (lib/keptoutput). */
import { linesOf } from "./line_blocks.ts";
import { LineDater, type LineFilter, type LogLine } from "./line_filter.ts";
import { BEGINNING, type SourceStart } from "./log_source.ts";

export interface KeptLog {
  /** The service's name. */
  readonly label: string;
  /** Whole lines, with their stamps. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class KeptSource {
  readonly label: string;
  readonly logdir = undefined;
  /** Those that the filter lets pass. */
  readonly lines: readonly LogLine[];

  constructor({ label, bytes }: KeptLog, filter: LineFilter) {
    this.label = label;
    const dater = new LineDater(0);
    this.lines = linesOf(bytes).map((line) => dater.date(line)).filter((line) =>
      filter.side(line.at) === "within" && filter.matches(line)
    );
  }

  /** As `tailOf` of a log directory. */
  tail(count: number): { readonly start: SourceStart; readonly lines: number } {
    const lines = Math.min(count, this.lines.length);
    return { start: { ...BEGINNING, skip: this.lines.length - lines }, lines };
  }

  async *batches({ skip }: SourceStart = BEGINNING): AsyncGenerator<LogLine[]> {
    const lines = this.lines.slice(skip);
    if (lines.length > 0) yield lines;
  }
}
