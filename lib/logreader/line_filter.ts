/** Which lines are asked for: those of a span of time that match an expression. */
import type { TimeSpan } from "../logdir/core/log_archives.ts";
import { Ere } from "../libc/regex.ts";
import { StampReader } from "./stamp_reader.ts";

export interface LogLine {
  /**
   * Unix seconds by which lines are put in order: those of its stamp, or of the last stamp before
   * it.
   */
  readonly at: number;
  /** How many of its bytes are the stamp. */
  readonly stampBytes: number;
  /** Without its newline. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a line says about the span. */
export type TimeSide = "before" | "within" | "after";

export class LineFilter implements Disposable {
  readonly span: TimeSpan;
  readonly #pattern: Ere | undefined;

  /**
   * @param pattern an extended regular expression, as s6-log's selections are. @throws
   *   {SyntaxError} If it is none.
   */
  constructor(span: TimeSpan, pattern: string | Ere | undefined) {
    this.span = span;
    this.#pattern = typeof pattern === "string" ? new Ere(pattern, { lines: true }) : pattern;
  }

  /** Does the line, without its stamp, match? */
  matches({ bytes, stampBytes }: LogLine): boolean {
    return this.#pattern === undefined || this.#pattern.testSpan(bytes, stampBytes, bytes.length);
  }

  side(at: number): TimeSide {
    if (this.span.since !== undefined && at < this.span.since) return "before";
    return this.span.until !== undefined && at > this.span.until ? "after" : "within";
  }

  /**
   * The same, but for a span that begins later. It needs this one, and is not to be disposed of.
   */
  after(since: number): LineFilter {
    return new LineFilter({ ...this.span, since }, this.#pattern);
  }

  [Symbol.dispose](): void {
    this.#pattern?.[Symbol.dispose]();
  }
}

/**
 * Gives each line of a file, from its beginning on, its place in time. A line without a stamp has
 * that of the line before; before the first stamp it has `floor`, and nothing is known of it.
 */
export class LineDater {
  readonly #reader = new StampReader();
  #at: number;
  #known = false;

  constructor(floor: number) {
    this.#at = floor;
  }

  /** Whether the time of the last line that was dated is known. */
  get known(): boolean {
    return this.#known;
  }

  date(bytes: Uint8Array<ArrayBuffer>): LogLine {
    const stampBytes = this.#reader.read(bytes);
    if (stampBytes > 0) {
      this.#known = true;
      this.#at = this.#reader.at;
    }
    return { at: this.#at, stampBytes, bytes };
  }
}
