/**
 * What `hexad status` shows, out of the document that another hexad serves. It comes from another
 * program: what has not the form of docs/status.schema.json is refused. Pure.
 */
import { tainToUnixMs } from "../../core/time/tain.ts";
import { HEALTH_STATES } from "../../health/core/health_machine.ts";
import type { LiveRecord, RecordedService } from "../../rc/core/live_record.ts";
import { ONESHOT_STATES, type OneshotReport } from "../../status/core/oneshot_report.ts";
import { SERVICE_STATES } from "../../status/core/service_state.ts";
import {
  type OneshotDocument,
  STATUS_FORMAT,
  type StatusDocument,
  type StatusOverview,
} from "../../status/core/status_document.ts";
import { parseIsoTime } from "./parse_iso_time.ts";
import { serviceReportOf } from "./service_report_of.ts";

/** @throws {SyntaxError} If it is no such document. */
export function overviewOf(value: unknown): StatusOverview {
  if (!isStatus(value)) throw new SyntaxError("no status document");
  const now = parseIsoTime(value.time);
  if (now === undefined) throw new SyntaxError("a status document without a time");
  const nowMs = tainToUnixMs(now);
  return {
    now,
    scandir: value.scandir ?? undefined,
    scanned: value.scanned ?? undefined,
    booting: value.booting,
    reports: value.services.map(serviceReportOf),
    oneshots: value.oneshots.map((oneshot) => oneshotReportOf(oneshot, nowMs)),
    leftOut: value.leftOut.map(({ name, because, why }) => ({
      name,
      because,
      ...(why === null ? {} : { why }),
    })),
  };
}

/** The record's clock is that of the document, so that both of its times are Unix time. */
function oneshotReportOf(document: OneshotDocument, nowMs: number): OneshotReport {
  const { lastLine } = document;
  const live: LiveRecord = {
    format: 1,
    pid: 0,
    prefix: "",
    monotonicMs: nowMs,
    unixMs: nowMs,
    busy: false,
    leftOut: [],
    services: [],
  };
  return {
    service: recordedOf(document),
    live,
    folder: "",
    ...(lastLine === null ? {} : { lastLine: { text: lastLine } }),
  };
}

function recordedOf(
  { name, state, reason, because, exitCode, started, ended, tookMs }: OneshotDocument,
): RecordedService {
  const endedMs = unixMs(ended);
  const startedMs = endedMs !== undefined && tookMs !== null ? endedMs - tookMs : unixMs(started);
  const base = {
    name,
    type: "oneshot",
    isStep: false,
    ...(startedMs === undefined ? {} : { startedMs }),
    ...(endedMs === undefined ? {} : { endedMs }),
  } as const;
  const failure = { code: exitCode ?? 1, why: reason ?? "" };
  switch (state) {
    case "done":
      return { ...base, progress: "up" };
    case "skipped":
      return { ...base, progress: "up", skipped: reason ?? "" };
    case "running":
      return { ...base, progress: "starting" };
    case "stopping":
    case "waiting":
    case "down":
      return { ...base, progress: state };
    case "failed":
      return { ...base, progress: "down", failure: { ...failure, direction: "up" } };
    case "failed to stop":
      return { ...base, progress: "up", failure: { ...failure, direction: "down" } };
    case "not started": {
      const cause = because === null ? {} : { because };
      return { ...base, progress: "down", untried: { direction: "up", ...cause } };
    }
    default:
      return state satisfies never;
  }
}

function unixMs(text: string | null): number | undefined {
  const time = parseIsoTime(text);
  return time === undefined ? undefined : tainToUnixMs(time);
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFlag: Check = (value) => typeof value === "boolean";
const isNumber: Check = (value) => typeof value === "number" && Number.isFinite(value);
const orNull = (check: Check): Check => (value) => value === null || check(value);
const oneOf = (words: readonly string[]): Check => (value) => words.includes(value as string);
const listOf = (check: Check): Check => (value) => Array.isArray(value) && value.every(check);
const record = (checks: Readonly<Record<string, Check>>): Check => (value) =>
  typeof value === "object" && value !== null &&
  Object.entries(checks).every(([name, check]) =>
    check((value as Readonly<Record<string, unknown>>)[name])
  );

const isService = record({
  name: isText,
  directory: isText,
  logger: isFlag,
  state: oneOf(SERVICE_STATES),
  fault: orNull(isText),
  paused: isFlag,
  wanted: orNull(oneOf(["up", "down"])),
  normally: oneOf(["up", "down"]),
  tellsReadiness: isFlag,
  pid: orNull(isNumber),
  // an older hexad has none
  adopted: (value) => value === undefined || orNull(isText)(value),
  since: orNull(isText),
  restarts: orNull(isNumber),
  restartsAtLeast: isFlag,
  lastExit: orNull(record({
    time: orNull(isText),
    exitCode: orNull(isNumber),
    signal: orNull(isText),
    outOfMemory: isFlag,
  })),
  nextStart: orNull(isText),
  over: orNull(oneOf(["policy", "max-restarts", "finish"])),
  done: isFlag,
  notStarted: orNull(isText),
  health: orNull(record({
    state: oneOf(HEALTH_STATES),
    since: orNull(isText),
    failures: isNumber,
    reason: orNull(isText),
    output: orNull(isText),
  })),
  withoutEffect: listOf(isText),
  processes: orNull(isNumber),
  memory: orNull(record({ bytes: isNumber, kind: oneOf(["pss", "rss"]) })),
  cpu: orNull(record({ seconds: isNumber, percent: orNull(isNumber) })),
  log: orNull(record({
    directory: orNull(isText),
    lastLine: orNull(record({ time: orNull(isText), text: isText })),
  })),
});

const isOneshot = record({
  name: isText,
  state: oneOf(ONESHOT_STATES),
  reason: orNull(isText),
  because: orNull(isText),
  exitCode: orNull(isNumber),
  started: orNull(isText),
  ended: orNull(isText),
  tookMs: orNull(isNumber),
  lastLine: orNull(isText),
});

const isDocument = record({
  format: (value) => value === STATUS_FORMAT,
  time: orNull(isText),
  scandir: orNull(isText),
  scanned: orNull(isFlag),
  booting: isFlag,
  services: listOf(isService),
  oneshots: listOf(isOneshot),
  leftOut: listOf(record({ name: isText, because: isText, why: orNull(isText) })),
});

function isStatus(value: unknown): value is StatusDocument {
  return isDocument(value);
}
