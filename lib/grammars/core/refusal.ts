/** The error for a configuration that its origin would refuse too. Pure. */

export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  /** Counted from 1. */
  readonly column?: number;
}

/** The whole file is refused. The message: `FILE:LINE:COLUMN: REASON`. */
export class Refusal extends SyntaxError {
  override readonly name = "Refusal";

  constructor({ file, line, column }: Place, reason: string) {
    super(`${file}:${line}${column === undefined ? "" : `:${column}`}: ${reason}`);
  }
}
