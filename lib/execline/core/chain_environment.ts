/**
 * The environment of a chain: the strings that the next program gets, in their order, byte for
 * byte, with what is no `NAME=value` left alone.
 *
 * The order after a change is that of C, which a program that prints its environment shows: the
 * last string takes the place of one that is removed, and what is set is appended. Source: skalibs,
 * env_merge.c; execline, el_pushenv.c, el_popenv.c. Pure.
 */

/** A change of one variable; undefined removes it. */
export type Change = readonly [name: string, value: string | undefined];

export class ChainEnvironment {
  readonly #strings: string[];

  constructor(strings: readonly string[]) {
    this.#strings = [...strings];
  }

  /** As exec wants them. */
  get strings(): readonly string[] {
    return this.#strings;
  }

  copy(): ChainEnvironment {
    return new ChainEnvironment(this.#strings);
  }

  /** Of a name that stands twice the first counts. */
  get(name: string): string | undefined {
    const start = `${name}=`;
    return this.#strings.find((string) => string.startsWith(start))?.slice(start.length);
  }

  set(name: string, value: string): void {
    this.#remove(name);
    this.#strings.push(`${name}=${value}`);
  }

  unset(name: string): void {
    this.#remove(name);
  }

  /** Makes the changes, one after the other. */
  change(changes: readonly Change[]): void {
    for (const [name, value] of changes) {
      if (value === undefined) this.#remove(name);
      else this.set(name, value);
    }
  }

  /** All variables. */
  toMap(): Map<string, string> {
    const map = new Map<string, string>();
    for (const string of this.#strings) {
      const equals = string.indexOf("=");
      if (equals > 0 && !map.has(string.slice(0, equals))) {
        map.set(string.slice(0, equals), string.slice(equals + 1));
      }
    }
    return map;
  }

  /**
   * Moves the variables whose names begin with one of `starts` one level down: `X` becomes `X:1`,
   * `X:1` becomes `X:2`.
   *
   * @throws {SyntaxError} If a string that begins so has no `=`.
   */
  push(starts: readonly string[]): ChainEnvironment {
    return this.#shift(starts, (name, level) => `${name}:${(level ?? 0) + 1}`);
  }

  /**
   * The opposite: `X:2` becomes `X:1`, `X:1` becomes `X`, and what was `X` is gone.
   *
   * @throws {SyntaxError} If a string that begins so has no `=`.
   */
  pop(starts: readonly string[]): ChainEnvironment {
    return this.#shift(starts, (name, level) => {
      if (level === undefined) return undefined;
      if (level === 0) return `${name}:0`;
      return level === 1 ? name : `${name}:${level - 1}`;
    });
  }

  #shift(
    starts: readonly string[],
    rename: (name: string, level: number | undefined) => string | undefined,
  ): ChainEnvironment {
    return new ChainEnvironment(this.#strings.flatMap((string) => {
      const start = starts.find((one) => string.startsWith(one));
      if (start === undefined) return [string];
      const equals = string.indexOf("=", start.length);
      if (equals === -1) throw new SyntaxError("a string without = in the environment");
      const colon = string.indexOf(":", start.length);
      const nested = colon !== -1 && colon < equals;
      const level = nested ? levelOf(string.slice(colon + 1, equals)) : undefined;
      if (nested && level === undefined) return [string];
      const name = rename(string.slice(0, nested ? colon : equals), level);
      return name === undefined ? [] : [name + string.slice(equals)];
    }));
  }

  #remove(name: string): void {
    const start = `${name}=`;
    const at = this.#strings.findIndex((string) => string.startsWith(start));
    if (at === -1) return;
    const last = this.#strings.pop()!;
    if (at < this.#strings.length) this.#strings[at] = last;
  }
}

/**
 * A level as `push` writes it; undefined for anything else, which is then some other program's
 * variable.
 */
function levelOf(text: string): number | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const level = Number(text);
  return level <= 0xffffffff ? level : undefined;
}
