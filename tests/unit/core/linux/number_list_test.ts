import { assertEquals } from "@std/assert";
import { parseUintList } from "../../../../lib/core/linux/number_list.ts";

const LISTS: readonly (readonly [text: string, numbers: readonly number[] | undefined])[] = [
  ["15", [15]],
  ["1,2,3", [1, 2, 3]],
  ["1:2;3 4\t5\n", [1, 2, 3, 4, 5]],
  ["1,,2,", [1, 2]],
  ["", undefined],
  [",1", undefined],
  ["1,x", undefined],
  ["TERM", undefined],
  ["-1", undefined],
];

for (const [text, numbers] of LISTS) {
  Deno.test(`parseUintList(${JSON.stringify(text)})`, () =>
    assertEquals(parseUintList(text), numbers));
}
