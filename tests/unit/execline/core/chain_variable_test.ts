import { assertEquals } from "@std/assert";
import {
  hearHandedOver,
  startableWords,
  tellHandedOver,
} from "../../../../lib/execline/core/chain_variable.ts";
import { Words } from "../../../../lib/execline/core/words.ts";

const PLACES = [{ file: "run", line: 3, column: 5 }, undefined, {
  file: "in\udcff",
  line: 1,
  column: 1,
}];

Deno.test("what is told is heard: places of words, closed descriptors", () => {
  const words = new Words(["cd", "x", "y"], PLACES);
  const told = tellHandedOver({ words, closed: [0, 2] });
  const heard = hearHandedOver(["cd", "x", "y"], told);
  assertEquals([heard.words.texts, heard.words.places, heard.closed], [["cd", "x", "y"], PLACES, [
    0,
    2,
  ]]);
});

Deno.test("nothing is told where there is nothing to tell", () => {
  assertEquals(tellHandedOver({ words: new Words(["cd"]), closed: [] }), undefined);
});

Deno.test("places that would be too long are left out, closed descriptors are not", () => {
  const texts = Array.from({ length: 20_000 }, () => "x");
  const words = new Words(texts, texts.map(() => ({ file: "run", line: 1, column: 1 })));
  assertEquals(tellHandedOver({ words, closed: [] }), undefined);
  assertEquals(hearHandedOver(texts, tellHandedOver({ words, closed: [1] })).closed, [1]);
});

Deno.test("words that are not UTF-8 are told, and the runtime starts with others", () => {
  const texts = ["cd", "\udcff", "é"];
  const argv = startableWords(texts);
  assertEquals(argv, ["cd", "\ufffd", "é"]);
  const told = tellHandedOver({ words: new Words(texts), closed: [] });
  assertEquals(hearHandedOver(argv, told).words.texts, texts);
  // argv[0] may be a path, and other arguments are somebody else's
  assertEquals(hearHandedOver(["/bin/cd", "\ufffd", "é"], told).words.texts, texts);
  assertEquals(hearHandedOver(["cd", "x", "é"], told).words.texts, ["cd", "x", "é"]);
});

Deno.test("what was not told for these words, or by us, says nothing", () => {
  const heard = (value: string | undefined): unknown => {
    const { words, closed } = hearHandedOver(["a", "b"], value);
    return [words.places, closed];
  };
  for (
    const value of [
      undefined,
      "",
      "x",
      "[]",
      "null",
      "3",
      '{"closed":3,"places":"x"}',
      '{"files":["f"],"places":[0,1,1]}',
    ]
  ) {
    assertEquals([value, heard(value)], [value, [[], []]]);
  }
  assertEquals(heard('{"closed":[7,"x",1.5,-1,1]}'), [[], [1]]);
  assertEquals(heard('{"files":[3],"places":[0,1,1,9,1,1]}'), [[undefined, undefined], []]);
});
