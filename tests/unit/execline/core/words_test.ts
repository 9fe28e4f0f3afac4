import { assertEquals } from "@std/assert";
import { placeText, Words } from "../../../../lib/execline/core/words.ts";

const at = (column: number) => ({ file: "run", line: 2, column });
const WORDS = new Words(["a", "b", "c"], [at(1), at(3), at(5)]);

/** All that can be asked for. */
function seen(words: Words): unknown {
  const indices = Array.from({ length: words.length + 1 }, (_, i) => i);
  return {
    texts: words.texts,
    places: words.places,
    first: words.first,
    place: words.place,
    each: indices.map((i) => [words.at(i), words.placeAt(i)]),
  };
}

function assertSame(actual: Words, expected: Words): void {
  assertEquals(seen(actual), seen(expected));
}

Deno.test("Words: what is cut or joined keeps its places", () => {
  assertEquals([WORDS.first, WORDS.place, WORDS.length], ["a", at(1), 3]);
  assertSame(WORDS.slice(1), new Words(["b", "c"], [at(3), at(5)]));
  assertSame(WORDS.slice(1, 2), new Words(["b"], [at(3)]));
  assertSame(
    new Words(["x"]).followedBy(WORDS.slice(2)),
    new Words(["x", "c"], [undefined, at(5)]),
  );
});

Deno.test("Words.slice(): of a part; beyond the end there is nothing", () => {
  const part = WORDS.slice(1, 2);
  assertSame(part.slice(0), new Words(["b"], [at(3)]));
  for (const nothing of [part.slice(1), part.slice(7), WORDS.slice(9, 12), WORDS.slice(2, 1)]) {
    assertEquals([nothing.texts, nothing.places, nothing.first], [[], [], undefined]);
  }
  assertSame(new Words(["a", "b"]).slice(1), new Words(["b"]));
});

Deno.test("Words.behind(): what is put in front gets the place of the first", () => {
  assertSame(WORDS.slice(2).behind("x", "y"), new Words(["x", "y", "c"], [at(5), at(5), at(5)]));
  assertSame(new Words(["c"]).behind("x"), new Words(["x", "c"]));
});

Deno.test("Words.withTexts(): other words in the same places", () => {
  assertSame(WORDS.slice(1).withTexts(["x", "y"]), new Words(["x", "y"], [at(3), at(5)]));
});

Deno.test("placeText()", () => {
  assertEquals(placeText(at(7)), "run:2:7");
});
