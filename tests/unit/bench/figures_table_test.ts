import { assert, assertEquals, assertThrows } from "@std/assert";
import { BEGIN, END, figuresTable, withFigures } from "../../bench/figures_table.ts";
import { markdown } from "../../bench/report.ts";

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

Deno.test("withFigures: replaces what is between the marks, again and again", () => {
  const document = `before\n\n${BEGIN}\nold\n${END}\n\nafter\n`;
  const once = withFigures(document, "new");
  assertEquals(once, `before\n\n${BEGIN}\n\nnew\n\n${END}\n\nafter\n`);
  assertEquals(withFigures(once, "new"), once);
});

Deno.test("withFigures: says so if a mark is missing", () => {
  assertThrows(() => withFigures("no marks", "new"), SyntaxError, "the document has no lines");
  assertThrows(() => withFigures(`${END}\n${BEGIN}`, "new"), SyntaxError);
});

Deno.test("withFigures: docs/bench.md has the marks", () => {
  const document = Deno.readTextFileSync(new URL("../../../docs/bench.md", import.meta.url));
  assertEquals(withFigures(document, "x").includes("\n\nx\n\n"), true);
});

Deno.test("markdown: a report has the marks before everything that is measured", () => {
  const report = markdown({
    command: "deno task bench",
    date: "2026-11-24",
    machine: {
      processor: "x",
      cores: 2,
      memoryGiB: 24,
      kernel: "6",
      distribution: "Debian",
      load: [0, 0, 0],
      niceness: 0,
      openFiles: "1024",
      processes: "1024",
    },
    fileSystem: "tmpfs",
    suites: ["hexad"],
    sections: [{ title: "Memory", method: [], tables: [], bars: [] }],
    failures: [],
    charts: false,
  });
  const filled = withFigures(report, "| the table |");
  assert(filled.indexOf("| the table |") > 0);
  assert(filled.indexOf("| the table |") < filled.indexOf("Written by `deno task bench`"));
});
