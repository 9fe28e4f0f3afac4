import { assertEquals } from "@std/assert";
import { substitute } from "../../../../lib/execline/core/execline_substitution.ts";
import { Words } from "../../../../lib/execline/core/words.ts";

const VALUES = new Map<string, readonly string[]>([["X", ["x"]], ["N", []], ["L", ["1", "2"]], [
  "D",
  ["$X"],
], ["a.b", ["dot"]]]);

const CASES: readonly (readonly [word: string, words: readonly string[]])[] = [
  ["$X", ["x"]],
  ["${X}", ["x"]],
  ["a${X}b", ["axb"]],
  ["$Xb", ["$Xb"]],
  ["a$X", ["ax"]],
  ["$X$X", ["xx"]],
  ["$X{", ["x{"]],
  ["$X}", ["x}"]],
  ["$X\\", ["x\\"]],
  ["$$X", ["$x"]],
  ["${a.b}", ["dot"]],
  ["${${X}}", ["${x}"]],
  ["$ $} ${} ${X", ["$ $} ${} ${X"]],
  ["$Y", ["$Y"]],
  ["\\$Y", ["\\$Y"]],
  ["\\$X", ["$X"]],
  ["\\\\$X", ["\\x"]],
  ["\\\\\\$X", ["\\$X"]],
  ["\\\\\\\\${X}", ["\\\\x"]],
  ["\\${X}b", ["${X}b"]],
  ["$X\\$X", ["x$X"]],
  ["$N", []],
  ["a${N}b", []],
  ["<${L}>", ["<1>", "<2>"]],
  ["${L}${L}", ["11", "12", "21", "22"]],
  ["$D", ["$X"]],
  ["", [""]],
  // once the time that this took grew with the square of it
  [`$X${"\\".repeat(200_000)}$X`, [`x${"\\".repeat(100_000)}x`]],
  [`$X${"\\".repeat(200_000)}Y`, [`x${"\\".repeat(200_000)}Y`]],
];

Deno.test("substitute()", () => {
  for (const [word, words] of CASES) {
    assertEquals([word, substitute(new Words([word]), VALUES).texts], [word, words]);
  }
});

Deno.test("substitute(): words keep their places", () => {
  const place = (column: number) => ({ file: "run", line: 1, column });
  const { texts, places } = substitute(
    new Words(["a", "$L", "$N", "b"], [place(1), place(3), place(6), undefined]),
    VALUES,
  );
  assertEquals([texts, places], [["a", "1", "2", "b"], [place(1), place(3), place(3), undefined]]);
});
