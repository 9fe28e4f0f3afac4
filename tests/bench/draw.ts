/**
 * Draws charts as SVG.
 *
 * They stand in pages with a light or a dark background, and can't tell which: so they have none of
 * their own, and every colour is in the middle between black and white.
 */
import * as echarts from "echarts";
import type { BarChart, Chart, LineChart } from "./chart.ts";

const WIDTH = 760;
const HEIGHT = 400;
const FONT = "system-ui, sans-serif";
const TEXT = "#7a828c";
const GRID = "rgba(128, 136, 148, 0.3)";

/**
 * By name, so that a suite looks the same everywhere; what has no colour here gets one of the
 * others.
 */
const COLOURS: Readonly<Record<string, string>> = {
  hexad: "#2f8fe0",
  s6: "#d9822b",
  runit: "#3ba272",
  supervisor: "#b565c9",
};
const OTHER_COLOURS = ["#2f8fe0", "#d9822b", "#3ba272", "#8b95a1"] as const;

/** It is a picture: nothing happens under the pointer. */
const STILL = { silent: true, emphasis: { disabled: true } } as const;

/** Three digits, as far as they say anything: `1.25`, `27.3`, `129`. */
export function shortNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function colourOf(name: string, index: number): string {
  return COLOURS[name] ?? OTHER_COLOURS[index % OTHER_COLOURS.length]!;
}

const AXIS_LABEL = {
  color: TEXT,
  fontFamily: FONT,
  fontSize: 12,
  formatter: (value: number) => String(value),
} as const;

function axis(name: string): Record<string, unknown> {
  return {
    name,
    nameLocation: "middle",
    nameTextStyle: { color: TEXT, fontFamily: FONT, fontSize: 13 },
    axisLabel: AXIS_LABEL,
    axisLine: { lineStyle: { color: TEXT } },
    axisTick: { lineStyle: { color: TEXT } },
    splitLine: { lineStyle: { color: GRID } },
    minorSplitLine: { show: false },
  };
}

function common({ title }: Chart): Record<string, unknown> {
  return {
    animation: false,
    title: {
      text: title,
      left: "center",
      top: 6,
      textStyle: { color: TEXT, fontFamily: FONT, fontSize: 16, fontWeight: 600 },
    },
    // text is wider in some fonts than it is reckoned here
    legend: {
      top: 34,
      itemGap: 30,
      selectedMode: false,
      textStyle: { color: TEXT, fontFamily: FONT, fontSize: 13 },
    },
  };
}

function lines(chart: LineChart): Record<string, unknown> {
  const places = [...new Set(chart.lines.flatMap(({ points }) => points.map(([x]) => String(x))))];
  return {
    ...common(chart),
    grid: { left: 70, right: 90, top: 74, bottom: 56 },
    xAxis: {
      ...axis(chart.xTitle),
      type: "category",
      data: places,
      nameGap: 32,
      splitLine: { show: false },
    },
    yAxis: { ...axis(chart.yTitle), type: "log", nameGap: 46 },
    series: chart.lines.map(({ name, points }, index) => ({
      type: "line",
      ...STILL,
      name,
      data: points.map(([x, y]) => [String(x), y]),
      symbol: "circle",
      symbolSize: 7,
      lineStyle: { width: 2.5, color: colourOf(name, index) },
      itemStyle: { color: colourOf(name, index) },
      endLabel: {
        show: true,
        color: colourOf(name, index),
        fontFamily: FONT,
        fontSize: 12,
        formatter: ({ value }: { value: readonly unknown[] }) => shortNumber(Number(value[1])),
      },
      labelLayout: { moveOverlap: "shiftY" },
    })),
  };
}

function bars(chart: BarChart): Record<string, unknown> {
  return {
    ...common(chart),
    grid: { left: 70, right: 20, top: 90, bottom: 36 },
    xAxis: {
      ...axis(""),
      type: "category",
      data: chart.groups,
      axisTick: { show: false },
      splitLine: { show: false },
      axisLabel: { ...AXIS_LABEL, interval: 0 },
    },
    yAxis: { ...axis(chart.yTitle), type: "value", nameGap: 48 },
    series: chart.bars.map(({ name, values }, index) => ({
      type: "bar",
      ...STILL,
      name,
      data: values.map((value) => value ?? "-"),
      barMaxWidth: 34,
      itemStyle: { color: colourOf(name, index) },
      label: {
        show: true,
        position: "top",
        color: colourOf(name, index),
        fontFamily: FONT,
        fontSize: 11,
        formatter: ({ value }: { value: unknown }) =>
          typeof value === "number" ? shortNumber(value) : "",
      },
    })),
  };
}

/** The text of an SVG file. */
export function drawChart(chart: Chart): string {
  const drawing = echarts.init(null, null, {
    renderer: "svg",
    ssr: true,
    width: WIDTH,
    height: HEIGHT,
  });
  try {
    drawing.setOption(chart.kind === "lines" ? lines(chart) : bars(chart));
    return `${drawing.renderToSVGString().trimEnd()}\n`;
  } finally {
    drawing.dispose();
  }
}
