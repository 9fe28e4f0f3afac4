import { assertEquals } from "@std/assert";
import { parseMode } from "../../../../lib/core/linux/file_mode.ts";

const MODES: readonly (readonly [text: string, mode: number | undefined])[] = [
  ["0755", 0o755],
  ["4711", 0o4711],
  ["0", 0],
  ["100644", 0o100644],
  ["37777777777", 0xffffffff],
  ["40000000000", undefined],
  ["", undefined],
  ["8", undefined],
  ["0o755", undefined],
  ["u+x", undefined],
  ["-1", undefined],
  [" 7", undefined],
];

for (const [text, mode] of MODES) {
  Deno.test(`parseMode(${JSON.stringify(text)})`, () => assertEquals(parseMode(text), mode));
}
