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

/** A part of a line, which cuts it without a copy: whoever takes word after word looks at each once. */
export class Words {
  /** The whole line, of which these words are those from `start` up to `end`. */
  readonly line: readonly string[];
  readonly linePlaces: readonly (Place | undefined)[];
  readonly start: number;
  readonly end: number;
  #texts: readonly string[] | undefined;

  /** @param places As many as there are texts, or none at all where nothing is known. */
  constructor(
    texts: readonly string[],
    places: readonly (Place | undefined)[] = [],
    { start = 0, end = texts.length }: { readonly start?: number; readonly end?: number } = {},
  ) {
    this.line = texts;
    this.linePlaces = places;
    this.start = start;
    this.end = end;
  }

  /** The words as an array: a copy, the first time, of what is only a part of a line. */
  get texts(): readonly string[] {
    return this.#texts ??= this.#isWholeLine ? this.line : this.line.slice(this.start, this.end);
  }

  /** As many as there are texts, or none at all where nothing is known. */
  get places(): readonly (Place | undefined)[] {
    return this.#isWholeLine ? this.linePlaces : this.linePlaces.slice(this.start, this.end);
  }

  get length(): number {
    return this.end - this.start;
  }

  /** The first word; undefined if there is none. */
  get first(): string | undefined {
    return this.at(0);
  }

  /** Where the first word stands, if that is known. */
  get place(): Place | undefined {
    return this.placeAt(0);
  }

  /** The word at `index`, which counts from 0; undefined if there is none. */
  at(index: number): string | undefined {
    return index < this.length ? this.line[this.start + index] : undefined;
  }

  /** Where that word stands, if that is known. */
  placeAt(index: number): Place | undefined {
    return index < this.length ? this.linePlaces[this.start + index] : undefined;
  }

  /** The words from `start` up to `end`, or to the last. */
  slice(start: number, end = this.length): Words {
    return new Words(this.line, this.linePlaces, {
      start: this.start + Math.min(start, this.length),
      end: this.start + Math.min(Math.max(start, end), this.length),
    });
  }

  get #isWholeLine(): boolean {
    return this.start === 0 && this.end === this.line.length;
  }

  /** Other texts, as many as there are words, in the places of these. */
  withTexts(texts: readonly string[]): Words {
    return new Words(texts, this.places);
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
