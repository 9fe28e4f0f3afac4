import { assertEquals, assertThrows } from "@std/assert";
import {
  cutBytes,
  cutFields,
  type Interval,
  parseCutList,
} from "../../../../lib/utilities/core/cut.ts";
import { seededRandom } from "../../core/seeded_random.ts";

const LISTS:
  readonly (readonly [text: string, intervals: readonly (readonly [number, number])[]])[] = [
    ["1", [[1, 1]]],
    ["2-4", [[2, 4]]],
    ["-3", [[1, 3]]],
    ["3-", [[3, Infinity]]],
    ["-", [[1, Infinity]]],
    ["5,1", [[1, 1], [5, 5]]],
    ["1 3\t5,", [[1, 1], [3, 3], [5, 5]]],
    ["1-3,2-5", [[1, 5]]],
    ["1-5,2-3", [[1, 5]]],
    ["1-5,3-", [[1, Infinity]]],
    ["4-,2,9", [[2, 2], [4, Infinity]]],
    ["1-2,3-4", [[1, 2], [3, 4]]],
  ];

for (const [text, intervals] of LISTS) {
  Deno.test(`parseCutList(): ${JSON.stringify(text)}`, () => {
    assertEquals(parseCutList(text), intervals.map(([first, last]) => ({ first, last })));
  });
}

for (
  const text of ["", ",", "0", "0-3", "3-1", "1,,2", "a", "1x", "1-2-3", "--1", "+1", ",1", "1-0"]
) {
  Deno.test(`parseCutList(): ${JSON.stringify(text)} is no list`, () =>
    void assertThrows(() => parseCutList(text), SyntaxError));
}

function joined(cut: (put: (bytes: Uint8Array) => void) => void): string {
  let text = "";
  cut((bytes) => text += String.fromCharCode(...bytes));
  return text;
}

function randomList(random: (below: number) => number): string {
  const element = (): string => {
    const first = 1 + random(6);
    return [`${first}`, `${first}-${first + random(4)}`, `${first}-`, `-${first}`][random(4)]!;
  };
  return Array.from({ length: 1 + random(4) }, element).join(",");
}

/** Is number `n` in the list, as its text says? */
function isListed(text: string, n: number): boolean {
  return text.split(",").some((element) => {
    const [from, to = from] = element.split("-");
    return n >= Number(from || 1) && n <= Number(to || (element.endsWith("-") ? Infinity : 0));
  });
}

Deno.test("cutBytes(), cutFields(): of random lines, what the list names, in order, and nothing else", () => {
  const random = seededRandom(0xc07);
  for (let round = 0; round < 20_000; round++) {
    const text = randomList(random);
    const list: readonly Interval[] = parseCutList(text);
    const characters = Array.from({ length: random(10) }, () => ":ab"[random(3)]!);
    const line = Uint8Array.from(characters, (character) => character.charCodeAt(0));
    const what = `${characters.join("")} ${text}`;
    assertEquals(
      joined((put) => cutBytes(line, list, put)),
      characters.filter((_, i) => isListed(text, i + 1)).join(""),
      what,
    );

    const fields = characters.join("").split(":");
    let hadDelimiter = false;
    const cut = joined((put) =>
      hadDelimiter = cutFields(line, list, { delimiter: ":".charCodeAt(0), put })
    );
    assertEquals(hadDelimiter, fields.length > 1, what);
    assertEquals(
      cut,
      fields.length > 1 ? fields.filter((_, i) => isListed(text, i + 1)).join(":") : "",
      what,
    );
  }
});
