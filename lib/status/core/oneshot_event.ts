/**
 * What happens to oneshots of s6-rc, for `hexad events`: nobody sends events of them, so two looks
 * at a record (lib/rc/core/live_record.ts) are compared. Pure.
 */
import type { RecordedService } from "../../rc/core/live_record.ts";
import { humanTook } from "../../core/time/human_units.ts";
import type { Tain } from "../../core/time/tain.ts";
import { isoTime } from "../../core/time/utc_time.ts";
import {
  oneshotExitCode,
  oneshotReason,
  type OneshotReport,
  oneshotState,
  oneshotWords,
  tookMs,
} from "./oneshot_report.ts";
import { EVENT_FORMAT, type EventDocument, type OneshotEvent } from "./service_event.ts";

/** What was last told of each oneshot, by live folder and name. */
export type ToldOneshots = ReadonlyMap<string, RecordedService>;

/** What is to be told now, in the order of `reports`. */
export function oneshotNews(
  told: ToldOneshots,
  reports: readonly OneshotReport[],
): { readonly news: readonly OneshotReport[]; readonly told: ToldOneshots } {
  const after = new Map(told); // a record may be gone for a moment, while a live folder is replaced
  const news: OneshotReport[] = [];
  for (const report of reports) {
    const { service, folder } = report;
    const key = `${folder}/${service.name}`;
    const before = told.get(key);
    if (oneshotState(service) === "waiting") continue;
    after.set(key, service);
    if (isNews(before, service)) news.push(report);
  }
  return { news, told: after };
}

/** It is in another state, or has got there once more. */
function isNews(before: RecordedService | undefined, now: RecordedService): boolean {
  const state = oneshotState(now);
  if (before === undefined) return state !== "down";
  if (state !== oneshotState(before)) return true;
  if (state === "not started") return now.wishedMs !== before.wishedMs;
  return now.startedMs !== undefined &&
    (now.startedMs !== before.startedMs || now.endedMs !== before.endedMs);
}

/** `failed, exit code 3 (1.4s)`. */
export function oneshotEventWords(report: OneshotReport): string {
  const took = report.service.endedMs === undefined ? undefined : tookMs(report);
  const words = oneshotWords(report.service);
  return took === undefined ? words : `${words} (${humanTook(took)})`;
}

export function oneshotEventDocument(
  { service, folder }: OneshotReport,
  time: Tain,
): EventDocument {
  return {
    format: EVENT_FORMAT,
    time: isoTime(time) ?? null,
    service: service.name,
    directory: folder,
    event: oneshotState(service) as OneshotEvent,
    oneshot: true,
    pid: null,
    exitCode: oneshotExitCode(service) ?? null,
    signal: null,
    outOfMemory: false,
    nextStart: null,
    reason: oneshotReason(service) ?? null,
    fault: null,
    done: false,
  };
}
