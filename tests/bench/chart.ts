/** What a chart shows. Pure. */

/** One suite or logger; it has the same colour in all charts. */
export interface Line {
  readonly name: string;
  /** `[x, y]`, x rising. */
  readonly points: readonly (readonly [number, number])[];
}

export interface LineChart {
  readonly kind: "lines";
  /** In the directory of the report. */
  readonly file: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly lines: readonly Line[];
}

export interface Bars {
  readonly name: string;
  /** One for each group; undefined: not measured. */
  readonly values: readonly (number | undefined)[];
}

export interface BarChart {
  readonly kind: "bars";
  readonly file: string;
  readonly title: string;
  readonly yTitle: string;
  readonly groups: readonly string[];
  readonly bars: readonly Bars[];
}

export type Chart = LineChart | BarChart;
