import { assertEquals, assertThrows } from "@std/assert";
import { figuresTable, withFigures } from "../../bench/readme_figures.ts";

Deno.test("figuresTable: a column for each suite, an empty cell where there is no figure", () => {
  const table = figuresTable(["hexad", "s6"], [
    { what: "memory", figures: { hexad: "27 MB", s6: "129 MB", other: "1 MB" } },
    { what: "rate", figures: { hexad: "600 MB/s" } },
  ]);
  assertEquals(
    table,
    "|  | hexad | s6 |\n| --- | --- | --- |\n| memory | 27 MB | 129 MB |\n| rate | 600 MB/s |  |",
  );
});

const [BEGIN, END] = ["<!-- figures: written by the benchmark -->", "<!-- end of the figures -->"];

Deno.test("withFigures: replaces what is between the marks, again and again", () => {
  const readme = `before\n\n${BEGIN}\nold\n${END}\n\nafter\n`;
  const once = withFigures(readme, "new");
  assertEquals(once, `before\n\n${BEGIN}\n\nnew\n\n${END}\n\nafter\n`);
  assertEquals(withFigures(once, "new"), once);
});

Deno.test("withFigures: says so if a mark is missing", () => {
  assertThrows(() => withFigures("no marks", "new"), SyntaxError, "the README has no lines");
  assertThrows(() => withFigures(`${END}\n${BEGIN}`, "new"), SyntaxError);
});

Deno.test("withFigures: the README has the marks", () => {
  const readme = Deno.readTextFileSync(new URL("../../../README.md", import.meta.url));
  assertEquals(withFigures(readme, "x").includes("\n\nx\n\n"), true);
});
