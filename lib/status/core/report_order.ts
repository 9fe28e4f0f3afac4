/** In which order reports on services are shown. Pure. */
import type { ServiceReport } from "./service_report.ts";
import { isWell, restarts, type ServiceState, serviceState, stateSince } from "./service_state.ts";

export const SORTS = ["name", "state", "cpu", "memory", "restarts", "since"] as const;
export type Sort = typeof SORTS[number];

/** What somebody should look at comes first. */
const STATE_ORDER: Readonly<Record<ServiceState, number>> = {
  "failed": 0,
  "unknown": 1,
  "not supervised": 2,
  "backing off": 3,
  "finishing": 4,
  "up": 5,
  "ready": 6,
  "down": 7,
};

/** By name they come as they are. */
const ORDERS: Readonly<Record<Sort, ((a: ServiceReport, b: ServiceReport) => number) | undefined>> =
  {
    name: undefined,
    state: (a, b) => stateOrder(a) - stateOrder(b),
    cpu: (a, b) => share(b) - share(a) || seconds(b) - seconds(a),
    memory: (a, b) => (b.usage?.memoryBytes ?? -1) - (a.usage?.memoryBytes ?? -1),
    restarts: (a, b) => restarts(b.facts).count - restarts(a.facts).count,
    since: (a, b) => changedAt(b) - changedAt(a),
  };

/** The sort is stable, so equal ones stay in the order of their names. */
export function sorted(reports: readonly ServiceReport[], sort: Sort): readonly ServiceReport[] {
  const order = ORDERS[sort];
  return order === undefined ? reports : reports.toSorted(order);
}

/** Those that are not well before the others, as they come. */
export function unwellFirst(reports: readonly ServiceReport[]): readonly ServiceReport[] {
  return reports.toSorted((a, b) => Number(isWell(a.facts)) - Number(isWell(b.facts)));
}

/** Of a processor, since the last look; the first look knows none. */
function share({ cpuPercent }: ServiceReport): number {
  return cpuPercent ?? -1;
}

function seconds({ usage }: ServiceReport): number {
  return usage?.cpuSeconds ?? -1;
}

/** Among those of one state, those that are not well come first. */
function stateOrder({ facts }: ServiceReport): number {
  return (isWell(facts) ? 10 : 0) + STATE_ORDER[serviceState(facts)];
}

function changedAt({ facts }: ServiceReport): number {
  const since = stateSince(facts);
  return since === undefined ? 0 : Number(since.sec - 2n ** 62n);
}
