/** The first change of a scan directory's live folder, as its records tell it. */
import type { NamedService } from "../servicedir/named_service.ts";
import { type BootChart, bootChart } from "../status/core/boot_chart.ts";
import { liveRecords, readRecord } from "../tree/live_records.ts";
import { BOOT_FILE, type LiveRecord } from "./core/live_record.ts";
import { readUnlocked } from "./read_compiled.ts";

export interface LoadedBoot {
  readonly chart: BootChart;
  /** The live folder. */
  readonly live: string;
  readonly record: LiveRecord;
}

/**
 * Undefined if s6-rc has started nothing there, as far as is known.
 *
 * @param services Services of the scan directory
 */
export function loadBoot(
  scandir: string,
  services: readonly NamedService[],
): LoadedBoot | undefined {
  const [found] = liveRecords(scandir, services);
  if (found === undefined) return undefined;
  const { live } = found;
  const record = readRecord(live, BOOT_FILE) ?? found.record;
  const database = readUnlocked(`${live}/compiled`);
  const chart = bootChart(record, "problem" in database ? undefined : database);
  return chart === undefined ? undefined : { chart, live, record };
}
