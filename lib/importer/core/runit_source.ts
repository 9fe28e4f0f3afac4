/** A service directory of runit as it was read. Pure. */
export interface SourceFile {
  /** Undefined: not text, or too large. */
  readonly text: string | undefined;
  readonly executable: boolean;
}

export interface RunitSource {
  /** The path of the directory, for messages. */
  readonly path: string;
  /**
   * Files by their path in it. Those of supervise/ and of log directories may be missing, except
   * for `config`.
   */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The `config` of a log directory in another place; undefined: there is none. */
  configIn(directory: string): string | undefined;
}
