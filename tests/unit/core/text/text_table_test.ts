import { assertEquals } from "@std/assert";
import { type Column, cutText, tableLines } from "../../../../lib/core/text/text_table.ts";

const COLUMNS: readonly Column[] = [
  { title: "NAME", shrinksTo: 4 },
  { title: "PID", align: "right", importance: 2 },
  { title: "STATE" },
  { title: "LINE", shrinksTo: 6, importance: 1 },
];
const ROWS = [["web", "1", "up", "hello world"], ["database", "12345", "down", ""]];

/** As if capitals were wide. */
function textWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter >= "A" && letter <= "Z" ? 2 : 1), 0);
}

function lines(width: number | undefined, rows: readonly (readonly string[])[] = ROWS): string[] {
  const cells = rows.map((row) => row.map((text) => ({ text })));
  return tableLines(COLUMNS, cells, {
    ...(width === undefined ? {} : { width }),
    textWidth: (text) => text.length,
    paint: (text) => text,
  });
}

Deno.test("tableLines() aligns columns, and leaves no blanks at the ends of lines", () => {
  assertEquals(lines(undefined), [
    "NAME        PID  STATE  LINE",
    "web           1  up     hello world",
    "database  12345  down",
  ]);
});

Deno.test("tableLines() shrinks the last column first, and marks what is cut", () => {
  assertEquals(lines(32), [
    "NAME        PID  STATE  LINE",
    "web           1  up     hello w…",
    "database  12345  down",
  ]);
});

Deno.test("tableLines() leaves the least important column out, then the next", () => {
  assertEquals(lines(22), [
    "NAME        PID  STATE",
    "web           1  up",
    "database  12345  down",
  ]);
  assertEquals(lines(15), ["NAME      STATE", "web       up", "database  down"]);
});

Deno.test("tableLines() cuts what must stay, and no further than it may", () => {
  assertEquals(lines(12), ["NAME   STATE", "web    up", "data…  down"]);
  assertEquals(lines(1), ["NAME  STATE", "web   up", "dat…  down"]);
});

Deno.test("tableLines() counts cells of the terminal and paints without them", () => {
  const rows = [[{ text: "天", style: "good" }, { text: "x" }], [{ text: "a" }, { text: "y" }]];
  const wide = (text: string): number => text === "天" ? 2 : text.length;
  const painted = tableLines([{ title: "N" }, { title: "V" }], rows, {
    textWidth: wide,
    paint: (text, style) => `<${style}:${text}>`,
  });
  assertEquals(painted, ["<title:N>   <title:V>", "<good:天>  x", "a   y"]);
});

Deno.test("cutText() never gives more than fits, not even half of a wide character", () => {
  assertEquals([
    cutText("aBc", 4, textWidth),
    cutText("aBc", 3, textWidth),
    cutText("Bc", 2, textWidth),
    cutText("ab", 0, textWidth),
  ], [
    "aBc",
    "a…",
    "…",
    "",
  ]);
});
