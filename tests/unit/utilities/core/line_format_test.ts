import { assertEquals, assertThrows } from "@std/assert";
import { parseLineFormat } from "../../../../lib/utilities/core/line_format.ts";
import { decodePath } from "../../../../lib/core/text/path_bytes.ts";

/** The format with `LINE` for the line. */
function filled(format: string, ...args: string[]): string {
  return parseLineFormat(format, args).map((piece) => piece === "line" ? "LINE" : decodePath(piece))
    .join("");
}

const FORMATS: readonly (readonly [format: string, filled: string])[] = [
  ["", ""],
  ["%s", "LINE"],
  ["<%s|%s>", "<LINE|LINE>"],
  ["%0 %1%2", "zero one\udcfftwo"],
  ["%%s%%", "%s%"],
  ["%10", "one\udcff0"],
  ["é\\n", "é\\n"],
];

for (const [format, text] of FORMATS) {
  Deno.test(`parseLineFormat(${JSON.stringify(format)})`, () =>
    assertEquals(filled(format, "zero", "one\udcff", "two"), text));
}

const INVALID: readonly (readonly [format: string, message: string])[] = [
  ["%", "a % ends it; %% prints one"],
  ["a%%%", "a % ends it; %% prints one"],
  ["%3", "there is no argument for %3"],
  ["%d", "%d means nothing; %% prints a %"],
];

for (const [format, message] of INVALID) {
  Deno.test(`parseLineFormat(${JSON.stringify(format)}): ${message}`, () => {
    assertEquals(
      assertThrows(() => filled(format, "zero", "one", "two"), SyntaxError).message,
      message,
    );
  });
}
