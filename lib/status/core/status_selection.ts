/** What `hexad status --state` and `--sort` choose of an overview. Pure. */
import { missedText, ONESHOT_STATES, oneshotState } from "./oneshot_report.ts";
import { type Sort, sorted } from "./report_order.ts";
import {
  isUnhealthy,
  isWell,
  SERVICE_STATES,
  type ServiceFacts,
  stateWord,
} from "./service_state.ts";
import type { StatusOverview } from "./status_document.ts";

const NOT_WELL = "not-well";
const LEFT_OUT = "left-out";
const UNHEALTHY = "unhealthy";

/** `backing-off`: a word for each state of a service and of a oneshot, and what is not well. */
export const STATE_WORDS: readonly string[] = [
  ...new Set([...SERVICE_STATES, ...ONESHOT_STATES].map(hyphened)),
  UNHEALTHY,
  LEFT_OUT,
  NOT_WELL,
];

export interface Selection {
  /** Of STATE_WORDS; undefined: all. */
  readonly states: ReadonlySet<string> | undefined;
  /** Undefined: as they come. */
  readonly sort: Sort | undefined;
}

/** The words in `failed,backing-off`, or the first that is none. */
export function parseStates(list: string): ReadonlySet<string> | { readonly unknown: string } {
  const words = list.split(",").map((word) => hyphened(word.trim()));
  const unknown = words.find((word) => !STATE_WORDS.includes(word));
  return unknown === undefined ? new Set(words) : { unknown };
}

/** What of the overview is meant, in its order. */
export function selected(overview: StatusOverview, { states, sort }: Selection): StatusOverview {
  const reports = states === undefined
    ? overview.reports
    : overview.reports.filter(({ facts }) => isMeant(facts, states));
  const chosen = { ...overview, reports: sort === undefined ? reports : sorted(reports, sort) };
  if (states === undefined) return chosen;
  return {
    ...chosen,
    oneshots: overview.oneshots.filter(({ service }) =>
      states.has(hyphened(oneshotState(service))) ||
      (states.has(NOT_WELL) && missedText(service) !== undefined)
    ),
    leftOut: states.has(LEFT_OUT) || states.has(NOT_WELL) ? overview.leftOut : [],
  };
}

/** `up` is one that runs, ready or not. */
function isMeant(facts: ServiceFacts, states: ReadonlySet<string>): boolean {
  const word = stateWord(facts);
  return states.has(hyphened(word)) || (word === "ready" && states.has("up")) ||
    (states.has(UNHEALTHY) && isUnhealthy(facts)) || (states.has(NOT_WELL) && !isWell(facts));
}

function hyphened(state: string): string {
  return state.replaceAll(" ", "-");
}
