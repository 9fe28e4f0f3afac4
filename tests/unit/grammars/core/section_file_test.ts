import { assertEquals } from "@std/assert";
import {
  parsePythonSections,
  parseUnitSections,
  type SectionFile,
} from "../../../../lib/grammars/core/section_file.ts";

function told({ sections, stray }: SectionFile): unknown {
  const keys = sections.map((
    section,
  ) => [section.name, ...section.left().map(({ key, value, line }) => `${line} ${key}=${value}`)]);
  return [...keys, ...stray.map(({ line, text }) => `${line} ${text}`)];
}

Deno.test("parsePythonSections(): keys in lower case, both delimiters, comments behind blanks only", () => {
  assertEquals(
    told(parsePythonSections("; c\n[A b] ; x\nKey = v;w ; c\nother:1#2 # c\n# c\nempty =\n", "f")),
    [
      ["A b", "3 key=v;w", "4 other=1#2", "6 empty="],
    ],
  );
});

Deno.test("parsePythonSections(): deeper lines go on with the value, comments among them don't count", () => {
  assertEquals(told(parsePythonSections("[a]\nk = 1,\n  2, ; c\n  # c\n\n  3\nl=4\n", "f")), [[
    "a",
    "2 k=1,\n2,\n3",
    "7 l=4",
  ]]);
});

Deno.test("parsePythonSections(): what is no key is told", () => {
  assertEquals(told(parsePythonSections("stray=1\n[a]\nno key\n", "f")), [
    ["a"],
    "1 stray=1",
    "3 no key",
  ]);
});

Deno.test("parseUnitSections(): repeated keys, continuation lines with comments between them", () => {
  assertEquals(
    told(
      parseUnitSections(
        "[Service]\nA=1 \\\n# c\n  2 \\\n; c\n  3\nA=4\n[Install]\nB = x # y\n",
        "f",
      ),
    ),
    [
      ["Service", "2 A=1 2 3", "7 A=4"],
      ["Install", "9 B=x # y"],
    ],
  );
});

Deno.test("parseUnitSections(): a continuation at the end of the file, and what is no key", () => {
  assertEquals(told(parseUnitSections("x\n[S]\n=v\nA=1 \\", "f")), [["S", "4 A=1"], "1 x", "3 =v"]);
});

Deno.test("Section: what was asked for is not left", () => {
  const [section] = parseUnitSections("[S]\nA=1\nB=2\nA=3\n", "f").sections;
  assertEquals(section!.take("A")?.value, "3");
  assertEquals(section!.take("C"), undefined);
  assertEquals(section!.left().map(({ key }) => key), ["B"]);
});
