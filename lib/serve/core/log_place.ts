/**
 * A place in a log that a client can come back to: the moment of its last line, and how many lines
 * of that moment it has. Pure.
 */

const FORM = /^(\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z)\/([1-9]\d{0,8})$/;

/** Gives lines their places, one after the other, and says which a client has already. */
export class LogPlace {
  #moment = "";
  #count = 0;
  readonly #known: { readonly moment: string; readonly count: number } | undefined;

  /** @param known The place of the last line that the client has */
  constructor(known?: { readonly moment: string; readonly count: number }) {
    this.#known = known;
  }

  /**
   * The place of a line with this moment; undefined if the client has it. A line without a moment
   * is at no place, and the client has it if it has those before.
   */
  next(moment: string | null): { readonly id?: string } | undefined {
    if (moment !== null && moment !== this.#moment) {
      this.#moment = moment;
      this.#count = 0;
    }
    if (moment !== null) this.#count++;
    if (this.#isKnown()) return undefined;
    return moment === null ? {} : { id: `${moment}/${this.#count}` };
  }

  #isKnown(): boolean {
    const known = this.#known;
    if (known === undefined) return false;
    return this.#moment < known.moment ||
      this.#moment === known.moment && this.#count <= known.count;
  }
}

/** Undefined if it is none of ours. */
export function parseLogPlace(
  id: string,
): { readonly moment: string; readonly count: number } | undefined {
  const [, moment, count] = FORM.exec(id) ?? [];
  return moment === undefined ? undefined : { moment, count: Number(count) };
}
