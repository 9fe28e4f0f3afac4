/**
 * `healthcheck` as files of `health-check/`, whose names and units are those of docs/servicedir.md.
 * Source: Compose specification, 05-services.md, "healthcheck". Pure.
 */
import type { PlannedFile } from "../../importer/core/service_plan.ts";
import type { FileFindings } from "./file_findings.ts";
import type { ServiceEntry, ServiceValues } from "./service_keys.ts";

const DIRECTORY = "health-check";
const SHELL = "/bin/sh";

/** Whether there is a check. */
export function isChecked({ healthcheck }: ServiceValues): boolean {
  if (healthcheck === undefined || healthcheck.value.disable?.value === true) return false;
  const test = healthcheck.value.test?.value;
  return typeof test !== "object" || test[0]?.value !== "NONE";
}

/**
 * @param script Makes the script of a check out of its command: it runs in the service's
 *   surroundings
 */
export function healthFilesOf(
  { value: values, isSound }: ServiceEntry,
  script: (words: readonly string[]) => string,
  findings: FileFindings,
): PlannedFile[] {
  const { healthcheck } = values;
  if (healthcheck === undefined || !isChecked(values)) return [];
  const { value: check, place } = healthcheck;
  const own = check["x-hexad"]?.value ?? {};
  const words = testWords(values, findings);
  const ways = [words, own.tcp, own.http, own.unix].filter((way) => way !== undefined);
  // what is wrong with a test has been told
  if (ways.length === 0 && (!isSound || check.test !== undefined)) return [];
  if (ways.length !== 1) {
    findings.error(
      place,
      ways.length === 0
        ? "test is needed, or x-hexad with tcp, http or unix"
        : "one way to check is enough: test, or tcp, http or unix of x-hexad",
    );
    return [];
  }
  const files: Readonly<Record<string, string | number | undefined>> = {
    tcp: own.tcp?.value,
    http: own.http?.value,
    unix: own.unix?.value,
    "http-status": own.http_status?.value,
    // 0 is what holds without the key, as in Docker
    interval: check.interval?.value || undefined,
    timeout: check.timeout?.value || undefined,
    retries: check.retries?.value,
    "start-period": check.start_period?.value,
    "start-interval": check.start_interval?.value || undefined,
    "on-unhealthy": own.on_unhealthy?.value,
  };
  return [
    ...(words === undefined
      ? []
      : [{ path: `${DIRECTORY}/run`, text: script(words), executable: true }]),
    ...Object.entries(files).flatMap(([name, value]) =>
      value === undefined
        ? []
        : [{ path: `${DIRECTORY}/${name}`, text: `${value}\n`, executable: false }]
    ),
  ];
}

/** The command of the test; undefined if there is none. */
function testWords({ healthcheck }: ServiceValues, findings: FileFindings): string[] | undefined {
  const test = healthcheck?.value.test;
  if (test === undefined) return undefined;
  if (typeof test.value === "string") return [SHELL, "-c", test.value];
  const [kind, ...words] = test.value.map(({ value }) => value);
  if (kind === "CMD-SHELL" && words.length > 0) return [SHELL, "-c", words.join(" ")];
  if (kind === "CMD" && words.length > 0) return words;
  findings.error(test.place, "a test begins with CMD, CMD-SHELL or NONE, and a command follows");
  return undefined;
}
