/** The time of everything that the build makes, so that the same sources give the same bytes. */
import { Fatal } from "../fatal.ts";

/** 1 January 2026, in seconds. */
const DEFAULT_EPOCH = 1767225600;

const MS_PER_SECOND = 1000;

/**
 * The seconds that SOURCE_DATE_EPOCH says (reproducible-builds.org), or the default.
 * @throws {Fatal} If it is not a number.
 */
export function epochOf(variable: string | undefined): number {
  if (variable === undefined || variable === "") return DEFAULT_EPOCH;
  if (!/^\d{1,11}$/.test(variable)) {
    throw new Fatal(`SOURCE_DATE_EPOCH is no number of seconds: ${variable}`);
  }
  return Number(variable);
}

/** The day, YYYY-MM-DD, in UTC. */
export function dateOf(epoch: number): string {
  return new Date(epoch * MS_PER_SECOND).toISOString().slice(0, 10);
}
