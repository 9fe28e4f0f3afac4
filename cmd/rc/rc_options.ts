/** The options on the command line. */
export interface RcOptions {
  readonly live: string;
  readonly verbosity: number;
  /** Milliseconds; undefined: not a dry run. */
  readonly dryRunMs: number | undefined;
  readonly timeoutMs: number;
  readonly block: boolean;
  readonly noLock: boolean;
  readonly down: boolean;
  readonly hideEssentials: boolean;
  readonly prune: boolean;
  readonly all: boolean;
  readonly names: readonly string[];
}
