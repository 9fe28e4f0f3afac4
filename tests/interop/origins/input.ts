/** An input of `hexad import`, and what its program sees, where it comes from and here. */

/** What the probe tells of the process that it is. */
export interface Seen {
  readonly argv: readonly string[];
  readonly environment: readonly string[];
  readonly uid: readonly number[];
  readonly gid: readonly number[];
  readonly groups: readonly number[];
  readonly cwd: string;
  readonly umask: number;
  readonly priority: number;
  readonly limits: readonly string[];
  readonly descriptors: readonly number[];
  readonly ignored: readonly number[];
  readonly blocked: readonly number[];
}

export interface Input {
  /** Of the service, and of its probe. */
  readonly name: string;
  /**
   * The lines of its section, script or unit. `PROBE` is the program, `ROOT` the directory of the
   * test.
   */
  readonly text: string;
  /** More files, by their path in ROOT. */
  readonly files?: Readonly<Record<string, string>>;
  /** A note that import has to give, for what is not the same. */
  readonly note?: RegExp;
  /** Keys that are not the same, for which there is the note, or why nobody needs one. */
  readonly differs?: readonly (keyof Seen)[];
  readonly harmless?: string;
  /** Where the origin can't be run: what its documents say. */
  readonly expected?: Partial<Seen> & { readonly variables?: Readonly<Record<string, string>> };
}
