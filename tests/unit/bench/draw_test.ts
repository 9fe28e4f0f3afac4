import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { drawChart, shortNumber } from "../../bench/draw.ts";
import type { Chart } from "../../bench/chart.ts";

const LINES: Chart = {
  kind: "lines",
  file: "lines.svg",
  title: "Memory",
  xTitle: "services",
  yTitle: "MB",
  lines: [
    { name: "hexad", points: [[10, 27.2], [1000, 27.7]] },
    { name: "s6", points: [[10, 1.65], [1000, 129]] },
  ],
};

const BARS: Chart = {
  kind: "bars",
  file: "bars.svg",
  title: "Rate",
  yTitle: "MB/s",
  groups: ["short", "long"],
  bars: [{ name: "s6-log", values: [612.3, 700] }, { name: "cat", values: [600, undefined] }],
};

for (
  const [chart, words] of [[LINES, ["Memory", "services", "hexad", "s6", "27.7", "129"]], [BARS, [
    "Rate",
    "short",
    "s6-log",
    "612",
  ]]] as const
) {
  Deno.test(`drawChart: ${chart.kind}: an SVG with its words, without a background of its own`, () => {
    const svg = drawChart(chart);
    assertMatch(svg, /^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"[\s\S]*<\/svg>\n$/);
    for (const word of words) assertStringIncludes(svg, `>${word}</text>`);
    assertEquals(svg.includes("NaN"), false);
    assertEquals(svg.includes("#fff"), false);
  });
}

Deno.test("shortNumber: three digits", () => {
  assertEquals([0.1234, 1.2, 27.25, 129.4, 1234.5].map(shortNumber), [
    "0.123",
    "1.2",
    "27.3",
    "129",
    "1230",
  ]);
});
