/** A service directory of runit as it was read. Pure. */
export interface SourceFile {
  /** Undefined: no text, or too large. */
  readonly text: string | undefined;
  readonly executable: boolean;
}

export interface RunitSource {
  /** Of the directory, for messages. */
  readonly path: string;
  /**
   * Files by their path in it; those of supervise/ and of log directories need not be there, but
   * for their `config`.
   */
  readonly files: ReadonlyMap<string, SourceFile>;
  /** The `config` of a log directory elsewhere; undefined: there is none. */
  configIn(directory: string): string | undefined;
}
