import { assertEquals } from "@std/assert";
import { placeText, Words } from "../../../../lib/execline/core/words.ts";

const at = (column: number) => ({ file: "run", line: 2, column });
const WORDS = new Words(["a", "b", "c"], [at(1), at(3), at(5)]);

Deno.test("Words: what is cut or joined keeps its places", () => {
  assertEquals([WORDS.first, WORDS.place, WORDS.length], ["a", at(1), 3]);
  assertEquals(WORDS.slice(1), new Words(["b", "c"], [at(3), at(5)]));
  assertEquals(WORDS.slice(1, 2), new Words(["b"], [at(3)]));
  assertEquals(
    new Words(["x"]).followedBy(WORDS.slice(2)),
    new Words(["x", "c"], [undefined, at(5)]),
  );
});

Deno.test("Words.behind(): what is put in front gets the place of the first", () => {
  assertEquals(WORDS.slice(2).behind("x", "y"), new Words(["x", "y", "c"], [at(5), at(5), at(5)]));
  assertEquals(new Words(["c"]).behind("x"), new Words(["x", "c"]));
});

Deno.test("placeText()", () => {
  assertEquals(placeText(at(7)), "run:2:7");
});
