/**
 * The words of a command line, each of which may know where in a script it stands. Words keep their
 * place while links pass them on, so that the one that fails can be named. Pure.
 */

/** Where a word begins. Lines and columns count from 1; a column is a character, not a byte. */
export interface Place {
  /** The script, as it was called. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** `run:3:5`, as compilers say it. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

export class Words {
  readonly texts: readonly string[];
  /** As many as there are texts, or none at all where nothing is known. */
  readonly places: readonly (Place | undefined)[];

  constructor(texts: readonly string[], places: readonly (Place | undefined)[] = []) {
    this.texts = texts;
    this.places = places;
  }

  get length(): number {
    return this.texts.length;
  }

  /** The first word; undefined if there is none. */
  get first(): string | undefined {
    return this.texts[0];
  }

  /** Where the first word stands, if that is known. */
  get place(): Place | undefined {
    return this.places[0];
  }

  /** The words from `start` up to `end`, or to the last. */
  slice(start: number, end?: number): Words {
    return new Words(this.texts.slice(start, end), this.places.slice(start, end));
  }

  /**
   * These words behind `texts`, which stand in no script: they get the place of the first one here.
   */
  behind(...texts: readonly string[]): Words {
    return new Words(
      [...texts, ...this.texts],
      this.places.length === 0 ? [] : [...texts.map(() => this.place), ...this.places],
    );
  }

  /** These words, and then those. */
  followedBy(rest: Words): Words {
    return new Words([...this.texts, ...rest.texts], [...placesOf(this), ...placesOf(rest)]);
  }
}

function placesOf({ texts, places }: Words): readonly (Place | undefined)[] {
  return places.length === texts.length ? places : texts.map(() => undefined);
}
