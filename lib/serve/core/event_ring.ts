/**
 * The last events, for clients that come again after their connection was lost and name the last
 * one that they have. Pure.
 */

export interface NumberedEvent<T> {
  readonly id: string;
  readonly event: T;
}

export class EventRing<T> {
  readonly #limit: number;
  /** Tells the events of one time of listening from those of another. */
  readonly #origin: string;
  #events: NumberedEvent<T>[] = [];
  #count = 0;

  /** @param origin Letters and digits */
  constructor(origin: string, limit: number) {
    this.#origin = origin;
    this.#limit = limit;
  }

  add(event: T): NumberedEvent<T> {
    const numbered = { id: `${this.#origin}-${++this.#count}`, event };
    this.#events.push(numbered);
    // not one by one: each time the rest would be moved
    if (this.#events.length >= 2 * this.#limit) this.#events = this.#events.slice(-this.#limit);
    return numbered;
  }

  /** What came after the event of that id; undefined if that can't be told any more. */
  since(id: string): readonly NumberedEvent<T>[] | undefined {
    const [, origin, digits] = /^([0-9a-z]+)-([0-9]{1,15})$/.exec(id) ?? [];
    const missed = this.#count - Number(digits);
    if (origin !== this.#origin || missed < 0 || missed > this.#limit) return undefined;
    return missed === 0 ? [] : this.#events.slice(-missed);
  }

  /** The id of the last event, or of none before the first. */
  get lastId(): string {
    return `${this.#origin}-${this.#count}`;
  }
}
