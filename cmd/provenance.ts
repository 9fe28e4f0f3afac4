/** What a built program is made of. The build puts its own text in the place of this file. */

/** A part that somebody else has made. */
export interface Part {
  readonly name: string;
  readonly version: string;
  /** Where the build has it from. */
  readonly source: string;
  /** SPDX expression; undefined if the build could not tell. */
  readonly licence?: string;
  /** Of the file as it came, before the build changed it. */
  readonly sha256?: string;
}

export interface Provenance {
  readonly base: Part;
  /** The private loader and libraries: a part is a Debian package, or a file if it is of none. */
  readonly libraries: readonly Part[];
  /** npm packages whose code is in the program. */
  readonly packages: readonly Part[];
}

/** Undefined where the program runs from its sources. */
export const PROVENANCE: Provenance | undefined = undefined;
