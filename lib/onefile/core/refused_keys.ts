/** Keys that have no meaning for a oneshot, or for a service directory without s6-rc. Pure. */
import type { FileFindings } from "./file_findings.ts";
import type { ServiceEntry, ServiceValues } from "./service_keys.ts";

type Key = keyof ServiceValues;
type HexadKey = keyof NonNullable<ServiceValues["x-hexad"]>["value"];

const OF_LONGRUNS: readonly Key[] = [
  "healthcheck",
  "logging",
  "scale",
  "deploy",
  "labels",
  "stop_signal",
  "oom_score_adj",
];
const HEXAD_OF_LONGRUNS: readonly HexadKey[] = [
  "finish",
  "timeout_finish",
  "essential",
  "drain",
  "leftovers",
  "kill_group",
  "exit_codes_ok",
  "restart_delay",
  "restart_delay_max",
  "max_restarts",
  "max_start_failures",
  "notification_fd",
  "ready_tcp",
  "ready_http",
  "ready_log",
  "output_to",
  "log",
  "reload_signal",
];
export const HEXAD_OF_DEFINITIONS: readonly HexadKey[] = [
  "oneshot",
  "max_start_failures",
  "ready_tcp",
  "ready_http",
  "ready_log",
  "condition",
  "after",
  "before",
  "output_to",
  "timeout_up",
  "timeout_down",
];

export function refuseForOneshot(entry: ServiceEntry, findings: FileFindings): void {
  refuse(entry, OF_LONGRUNS, HEXAD_OF_LONGRUNS, "is for services that stay up", findings);
  const { restart } = entry.value;
  if (restart !== undefined && restart.value !== "no") {
    findings.error(restart.place, "a oneshot runs once; restart can only be no");
  }
}

export function refuseForDirectory(entry: ServiceEntry, findings: FileFindings): void {
  refuse(entry, ["depends_on"], HEXAD_OF_DEFINITIONS, "needs definitions for s6-rc", findings);
}

function refuse(
  { value }: ServiceEntry,
  keys: readonly Key[],
  hexadKeys: readonly HexadKey[],
  why: string,
  findings: FileFindings,
): void {
  const hexad = value["x-hexad"]?.value ?? {};
  for (const key of keys) {
    const given = value[key];
    if (given !== undefined) findings.error(given.place, `${key} ${why}`);
  }
  for (const key of hexadKeys) {
    const given = hexad[key];
    if (given !== undefined) findings.error(given.place, `${key} ${why}`);
  }
}
