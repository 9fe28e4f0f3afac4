/** Services that s6-rc was to start and has not, as far as the records of live folders tell. */
import type { NamedService } from "../servicedir/named_service.ts";
import { missedText } from "../status/core/oneshot_report.ts";
import { liveRecords } from "./live_records.ts";

/** Why s6-rc has not started services, by their directories. */
export function missedAmong(services: readonly NamedService[]): Map<string, string> {
  const byScandir = new Map<string, NamedService[]>();
  for (const service of services) {
    const at = service.directory.lastIndexOf("/");
    if (service.isLogger || at <= 0) continue;
    const scandir = service.directory.slice(0, at);
    const there = byScandir.get(scandir);
    if (there === undefined) byScandir.set(scandir, [service]);
    else there.push(service);
  }
  const missed = new Map<string, string>();
  for (const [scandir, there] of byScandir) {
    for (const { record } of liveRecords(scandir, there)) {
      for (const service of record.services) {
        const text = service.type === "longrun" ? missedText(service) : undefined;
        if (text !== undefined) missed.set(`${scandir}/${record.prefix}${service.name}`, text);
      }
    }
  }
  return missed;
}
