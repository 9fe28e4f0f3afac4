/**
 * What `hexad top` knows: the last look at the services, what of it is shown, and what the user is
 * about. Pure.
 */
import { type Sort, sorted } from "../../status/core/report_order.ts";
import { isWell, stateWord } from "../../status/core/service_state.ts";
import type { ServiceReport } from "../../status/core/service_report.ts";
import { printable } from "../../core/text/printable.ts";

export interface ScreenSize {
  readonly rows: number;
  readonly columns: number;
}

/** A line at the bottom into which something is typed, or to which the answer is one key. */
export type Prompt =
  /** What stood there before comes back with Escape. */
  | { readonly kind: "filter"; readonly text: string; readonly before: string }
  | { readonly kind: "signal"; readonly text: string; readonly target: Target }
  | { readonly kind: "stop"; readonly target: Target };

/** The service that something is done to: that which was selected when the key was pressed. */
export interface Target {
  readonly name: string;
  readonly directory: string;
}

export interface LogPane {
  readonly target: Target;
  readonly lines: readonly string[];
  /** So many of the last lines are below the screen; 0: it follows. */
  readonly below: number;
}

export interface TopState {
  readonly size: ScreenSize;
  /** Undefined if the services were named by their paths. */
  readonly scandir: string | undefined;
  readonly reports: readonly ServiceReport[];
  /** Its directory. */
  readonly selected: string | undefined;
  /** The first row of the table that is on the screen. */
  readonly first: number;
  readonly filter: string;
  readonly sort: Sort;
  /** Loggers that are well are shown too. */
  readonly loggers: boolean;
  readonly prompt: Prompt | undefined;
  /** Until the next key. */
  readonly message: { readonly text: string; readonly bad: boolean } | undefined;
  readonly help: boolean;
  readonly log: LogPane | undefined;
}

export function firstState(options: Pick<TopState, "size" | "scandir" | "loggers">): TopState {
  return {
    ...options,
    reports: [],
    selected: undefined,
    first: 0,
    filter: "",
    sort: "name",
    prompt: undefined,
    message: undefined,
    help: false,
    log: undefined,
  };
}

/** The reports that the table shows, in its order. */
export function shownReports(
  { reports, filter, sort, loggers }: TopState,
): readonly ServiceReport[] {
  const wanted = filter.toLowerCase();
  const shown = reports.filter(({ facts }) =>
    (loggers || !facts.isLogger || !isWell(facts)) &&
    `${printable(facts.name)} ${stateWord(facts)}`.toLowerCase().includes(wanted)
  );
  return sorted(shown, sort);
}

/** What of the screen is for what. What there is no room for is left out, the rows last of all. */
export interface ScreenLayout {
  readonly title: boolean;
  readonly heads: boolean;
  readonly foot: boolean;
  /** Rows of the table. */
  readonly rows: number;
}

export function layoutOf({ rows }: ScreenSize): ScreenLayout {
  const foot = rows >= 2;
  const heads = rows >= 4;
  const title = rows >= 6;
  return {
    title,
    heads,
    foot,
    rows: Math.max(1, rows - [foot, heads, title].filter(Boolean).length),
  };
}
