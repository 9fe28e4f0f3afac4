/**
 * Services of services.yaml before they are text: what other formats are turned into. A text stands
 * there as in the file, so `$$` is a dollar sign and `${NAME}` a variable. Pure.
 */
import type { Origin } from "../../importer/core/service_plan.ts";

export type DraftValue = string | number | boolean | readonly DraftValue[] | DraftMap;
export interface DraftMap {
  readonly [key: string]: DraftValue;
}

export interface Draft {
  readonly name: string;
  readonly origin: Origin;
  /** The keys of the service. */
  readonly values: DraftMap;
}

/** A text in which nothing is a variable. */
export function literal(text: string): string {
  return text.replaceAll("$", "$$$$");
}

export function literals(map: readonly (readonly [string, string])[]): DraftMap {
  return Object.fromEntries(map.map(([name, value]) => [name, literal(value)]));
}

export function durationText(milliseconds: number): string {
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  const seconds = milliseconds / 1000;
  return seconds % 60 === 0 && seconds >= 120 ? `${seconds / 60}m` : `${seconds}s`;
}

/** The keys that have a value, without empty maps and lists. */
export function withoutGaps(values: Readonly<Record<string, DraftValue | undefined>>): DraftMap {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, DraftValue] =>
      entry[1] !== undefined &&
      (typeof entry[1] !== "object" || Object.keys(entry[1]).length > 0)
    ),
  );
}
