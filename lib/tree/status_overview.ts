/** Reports on services together with what else `hexad status` tells: of oneshots, of the tree. */
import { wallclock } from "../libc/clock.ts";
import type { ServiceReport } from "../status/core/service_report.ts";
import type { StatusOverview } from "../status/core/status_document.ts";
import type { ChosenOneshots } from "./choose_oneshots.ts";
import { reportOnOneshots } from "./oneshots.ts";
import { isScanned } from "./services.ts";

export interface OverviewOf extends Pick<ChosenOneshots, "oneshots" | "leftOut"> {
  /** Undefined: none was looked at. */
  readonly scandir: string | undefined;
  /** All services are meant, and more are to come. */
  readonly booting: boolean;
}

export function overviewOf(
  { scandir, booting, oneshots, leftOut }: OverviewOf,
  reports: readonly ServiceReport[],
): StatusOverview {
  return {
    now: wallclock(),
    scandir,
    scanned: scandir === undefined ? undefined : isScanned(scandir),
    booting,
    reports,
    oneshots: reportOnOneshots(oneshots),
    leftOut,
  };
}
