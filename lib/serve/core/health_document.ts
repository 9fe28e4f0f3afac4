/** What `/v1/health` answers; docs/health.schema.json describes it. Pure. */
import { isoTime } from "../../core/time/utc_time.ts";
import type { StatusOverview } from "../../status/core/status_document.ts";
import { type Unwell, unwellIn } from "./readiness.ts";

export interface HealthDocument {
  readonly format: 1;
  readonly time: string | null;
  readonly well: boolean;
  readonly unwell: readonly Unwell[];
}

export function healthDocument(
  overview: StatusOverview,
  exclude: readonly string[],
): HealthDocument {
  const unwell = unwellIn(overview, exclude);
  return {
    format: 1,
    time: isoTime(overview.now) ?? null,
    well: unwell.length === 0,
    unwell,
  };
}
