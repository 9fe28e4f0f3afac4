/** Oneshots of s6-rc, as `hexad status`, `top` and `events` tell of them. */
import { access, F_OK } from "../libc/file.ts";
import { CURRENT } from "../logdir/core/rotation.ts";
import { lastLine } from "../logdir/last_line.ts";
import type { RecordedService } from "../rc/core/live_record.ts";
import { outputLogdir } from "../rc/core/live_record.ts";
import type { OneshotReport } from "../status/core/oneshot_report.ts";
import type { FoundRecord } from "./live_records.ts";

export interface FoundOneshot extends FoundRecord {
  readonly service: RecordedService;
}

export function reportOnOneshots(found: readonly FoundOneshot[]): OneshotReport[] {
  return found.map(({ service, record, live }) => {
    const line = lastLine(outputLogdir(live, service.name));
    return {
      service,
      live: record,
      folder: live,
      ...(line === undefined ? {} : { lastLine: line }),
    };
  });
}

/** Whether there is a log: of a oneshot, whether something is kept of what its last run wrote. */
export function isKept(logdir: string): boolean {
  return access(`${logdir}/${CURRENT}`, F_OK) === 0;
}
