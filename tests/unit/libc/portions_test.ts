/** Portions of work: in turns, first come first served, and never twice at the same time. */
import { assertEquals, assertThrows } from "@std/assert";
import { Portions } from "../../../lib/libc/portions.ts";

/** Portions whose turns come when the test says so. */
class Turns {
  readonly done: string[] = [];
  #turn: (() => void) | undefined;
  readonly portions = new Portions((turn) => {
    assertEquals(this.#turn, undefined, "one turn is asked for at a time");
    this.#turn = turn;
  });

  /** Work of so many portions. */
  work(name: string, count: number): () => boolean {
    let left = count;
    return () => {
      this.done.push(name);
      return --left > 0;
    };
  }

  /** So many turns, or as many as are asked for. */
  pass(count = Infinity): string[] {
    for (let i = 0; i < count && this.#turn !== undefined; i++) {
      const turn = this.#turn;
      this.#turn = undefined;
      turn();
    }
    return this.done.splice(0);
  }
}

const [A, B, C] = [{}, {}, {}];

Deno.test("Portions: what is done in one portion is done at once, and no turn is asked for", () => {
  const turns = new Turns();
  turns.portions.begin(A, turns.work("a", 1));
  assertEquals(turns.done, ["a"]);
  assertEquals(turns.pass(), ["a"]);
});

Deno.test("Portions: one portion in each turn, of whoever has waited longest", () => {
  const turns = new Turns();
  turns.portions.begin(A, turns.work("a", 4));
  turns.portions.begin(B, turns.work("b", 2));
  turns.portions.add(C, turns.work("c", 3));
  assertEquals(turns.pass(0), ["a", "b"]);
  assertEquals(turns.pass(1), ["a"]);
  assertEquals(turns.pass(), ["b", "c", "a", "c", "a", "c"]);
});

Deno.test("Portions: work that has more to do is not begun once more, not even from within", () => {
  const turns = new Turns();
  turns.portions.begin(A, turns.work("a", 3));
  turns.portions.begin(A, turns.work("again", 3));
  turns.portions.begin(B, () => {
    turns.portions.begin(B, turns.work("within", 1));
    return false;
  });
  assertEquals(turns.pass(), ["a", "a", "a"]);
  turns.portions.begin(A, turns.work("later", 1));
  assertEquals(turns.pass(), ["later"]);
});

Deno.test("Portions: what is dropped is not gone on with, not even by its own portion", () => {
  const turns = new Turns();
  turns.portions.begin(A, turns.work("a", 3));
  turns.portions.begin(B, () => {
    turns.portions.drop(B);
    return true;
  });
  turns.portions.drop(A);
  assertEquals(turns.pass(), ["a"]);
});

Deno.test("Portions: a portion that throws is the last of its work, and the others go on", () => {
  const turns = new Turns();
  turns.portions.begin(A, turns.work("a", 2));
  turns.portions.add(B, () => {
    throw new Error("no");
  });
  assertEquals(turns.pass(1), ["a", "a"]);
  assertThrows(() => turns.pass(1), Error, "no");
  turns.portions.begin(B, turns.work("b", 2));
  assertEquals(turns.pass(), ["b", "b"]);
});
