/**
 * Which of many sources has the earliest head: a binary heap of places. Of equals the source of the
 * lower number comes first. Pure.
 */

interface Head {
  readonly at: number;
  readonly source: number;
}

function isEarlier(a: Head, b: Head): boolean {
  return a.at < b.at || (a.at === b.at && a.source < b.source);
}

export class MergeHeap {
  readonly #heads: Head[] = [];

  get size(): number {
    return this.#heads.length;
  }

  /** The source with the earliest head. */
  get first(): number | undefined {
    return this.#heads[0]?.source;
  }

  push(source: number, at: number): void {
    const heads = this.#heads;
    const head = { at, source };
    let place = heads.length;
    heads.push(head);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isEarlier(head, heads[parent]!)) break;
      heads[place] = heads[parent]!;
      place = parent;
    }
    heads[place] = head;
  }

  /** Takes the earliest head away. */
  pop(): void {
    const last = this.#heads.pop();
    if (last !== undefined && this.#heads.length > 0) this.#sink(last);
  }

  /** The source with the earliest head has another one now. */
  replaceFirst(at: number): void {
    this.#sink({ at, source: this.#heads[0]!.source });
  }

  #sink(head: Head): void {
    const heads = this.#heads;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heads.length) break;
      if (child + 1 < heads.length && isEarlier(heads[child + 1]!, heads[child]!)) child++;
      if (!isEarlier(heads[child]!, head)) break;
      heads[place] = heads[child]!;
      place = child;
    }
    heads[place] = head;
  }
}
