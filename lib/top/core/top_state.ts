/**
 * What `hexad top` knows: the last look at services and oneshots, what of it is shown, and what the
 * user is about. Pure.
 */
import { type Sort, sorted } from "../../status/core/report_order.ts";
import { isWell, stateWord } from "../../status/core/service_state.ts";
import { outputLogdir } from "../../rc/core/live_record.ts";
import { oneshotState } from "../../status/core/oneshot_report.ts";
import type { OneshotReport } from "../../status/core/oneshot_report.ts";
import type { ServiceReport } from "../../status/core/service_report.ts";
import type { StatusOverview } from "../../status/core/status_document.ts";
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

/** What something is done to: that which was selected when the key was pressed. */
export interface Target {
  readonly name: string;
  /** Of a oneshot: where the output of its last run is. No other row has the same. */
  readonly directory: string;
  readonly isOneshot: boolean;
}

/** A row of the table. */
export type TopRow =
  | { readonly target: Target; readonly service: ServiceReport }
  | { readonly target: Target; readonly oneshot: OneshotReport };

/** What is seen at once. */
export type TopLook = Pick<StatusOverview, "reports" | "oneshots" | "leftOut">;

export interface LogPane {
  readonly target: Target;
  readonly lines: readonly string[];
  /** So many of the last lines are below the screen; 0: it follows. */
  readonly below: number;
}

export interface TopState extends TopLook {
  readonly size: ScreenSize;
  /** Undefined if the services were named by their paths. */
  readonly scandir: string | undefined;
  /** The directory of its target. */
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
    oneshots: [],
    leftOut: [],
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

/** The rows that the table shows, in its order: oneshots come after the services. */
export function shownRows(
  { reports, oneshots, filter, sort, loggers }: TopState,
): readonly TopRow[] {
  const wanted = filter.toLowerCase();
  const isWanted = (name: string, state: string): boolean =>
    `${printable(name)} ${state}`.toLowerCase().includes(wanted);
  const services = reports.filter(({ facts }) =>
    (loggers || !facts.isLogger || !isWell(facts)) && isWanted(facts.name, stateWord(facts))
  );
  return [
    ...sorted(services, sort).map((service): TopRow => {
      const { name, directory } = service.facts;
      return { target: { name, directory, isOneshot: false }, service };
    }),
    ...oneshots.filter(({ service }) => isWanted(service.name, oneshotState(service)))
      .map((oneshot): TopRow => ({
        target: {
          name: oneshot.service.name,
          directory: outputLogdir(oneshot.folder, oneshot.service.name),
          isOneshot: true,
        },
        oneshot,
      })),
  ];
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
