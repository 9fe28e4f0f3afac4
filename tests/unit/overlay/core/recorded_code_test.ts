/** The exit code that scripts have written down: what counts, and what is said about it. */
import { assertEquals } from "@std/assert";
import { parseRecordedCode } from "../../../../lib/overlay/core/recorded_code.ts";

const CASES: readonly (readonly [text: string, code: number | undefined, mistake?: string])[] = [
  ["0\n", 0],
  ["7", 7],
  ["255\n", 255],
  [" 7 \n", 7],
  ["7\t\r\n", 7],
  ["7\n8\n", 7],
  ["007\n", 7],
  ["", undefined],
  ["\n", undefined],
  ["256\n", 255, "256 is more than 255 (using 255)"],
  ["300\n", 255, "300 is more than 255 (using 255)"],
  ["99999999999999999999\n", 255, "99999999999999999999 is more than 255 (using 255)"],
  ["abc\n", 100, 'not an exit code: "abc" (using 100)'],
  ["-1\n", 100, 'not an exit code: "-1" (using 100)'],
  ["1.5\n", 100, 'not an exit code: "1.5" (using 100)'],
  ["\u001b[31m\n", 100, 'not an exit code: "\\u001b[31m" (using 100)'],
];

for (const [text, code, mistake] of CASES) {
  Deno.test(`parseRecordedCode(): ${JSON.stringify(text)} is ${code ?? "nothing"}`, () => {
    const expected = code === undefined
      ? undefined
      : { code, ...(mistake === undefined ? {} : { mistake }) };
    assertEquals(parseRecordedCode(new TextEncoder().encode(text)), expected);
  });
}
