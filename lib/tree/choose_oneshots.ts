/** The oneshots of s6-rc that somebody means by their names, or who names none. */
import type { RecordedOmission } from "../rc/core/live_record.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { isShown } from "../status/core/oneshot_report.ts";
import { liveRecords } from "./live_records.ts";
import type { FoundOneshot } from "./oneshots.ts";

export interface ChosenOneshots {
  readonly oneshots: readonly FoundOneshot[];
  /** Definitions that were not taken in, if all are meant. */
  readonly leftOut: readonly RecordedOmission[];
  /** The names of all. */
  readonly known: readonly string[];
}

/**
 * The oneshots of s6-rc that are meant, all that are to be shown if there are no operands.
 *
 * @param all Services of the scan directory, whose names come first
 */
export function chooseOneshots(
  scandir: string,
  all: readonly NamedService[],
  operands: readonly string[],
): ChosenOneshots {
  const found = liveRecords(scandir, all);
  const oneshots = found.flatMap(({ live, record }) =>
    record.services.filter(({ type }) => type === "oneshot")
      .map((service) => ({ live, record, service }))
  );
  const known = oneshots.map(({ service }) => service.name);
  if (operands.length === 0) {
    return {
      oneshots: oneshots.filter(({ service }) => isShown(service)),
      known,
      leftOut: found.flatMap(({ record }) => record.leftOut),
    };
  }
  const taken = new Set(all.map(({ name }) => name));
  return {
    oneshots: oneshots.filter(({ service: { name } }) =>
      operands.includes(name) && !taken.has(name)
    ),
    known,
    leftOut: [],
  };
}
