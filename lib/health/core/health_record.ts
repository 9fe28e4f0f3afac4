/**
 * `supervise/health`: the health of a service that has a `health-check/`, as its supervisor has
 * found it. C s6 does not know the file.
 *
 *     life @400000006b023dc3008ca8df
 *     state unhealthy
 *     since @400000006b023dc53b9aca00
 *     failures 3
 *     why exit code 1
 *     output curl: (7) Failed to connect
 *
 * `life` is the stamp of the start in `supervise/status`: a record of another life is an old one,
 * and nobody has to remove it. `since` is when the state was last changed. `failures` counts those
 * in a row that count. `why` and `output` are about the last check, if it has failed: one line each,
 * `output` once per line of the end of what the check has written. Unknown lines are ignored, since
 * later versions may write more. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import { printable } from "../../core/text/printable.ts";
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import { compareTain, formatTai64n, parseTai64n, type Tain } from "../../core/time/tain.ts";
import { HEALTH_STATES, type HealthState } from "./health_machine.ts";

/** So much of a check's output is kept, of its end. */
export const MAX_CHECK_OUTPUT = 1024;
/** More than a record can have. */
export const MAX_HEALTH_RECORD = 8192;
const MAX_WHY = 256;

export interface HealthRecord {
  /** The stamp of the start that this is about. */
  readonly life: Tain;
  readonly state: HealthState;
  readonly since: Tain;
  readonly failures: number;
  /** Why the last check has failed; undefined: it has not. */
  readonly why?: string;
  /** The end of what the last check has written, if it has failed. */
  readonly output?: string;
}

export function packHealth(record: HealthRecord): Uint8Array<ArrayBuffer> {
  const { life, state, since, failures, why, output = "" } = record;
  const lines = [
    `life ${formatTai64n(life)}`,
    `state ${state}`,
    `since ${formatTai64n(since)}`,
    `failures ${failures}`,
    ...(why === undefined ? [] : [`why ${printable(why.slice(0, MAX_WHY))}`]),
    ...output.slice(-MAX_CHECK_OUTPUT).split("\n").filter((line) => line.trim() !== "")
      .map((line) => `output ${printable(line)}`),
  ];
  return encodePath(lines.map((line) => `${line}\n`).join("")) as Uint8Array<ArrayBuffer>;
}

/** Undefined if it is no record; anybody may have written the file. */
export function parseHealth(bytes: Uint8Array): HealthRecord | undefined {
  const fields = new Map<string, string>();
  for (const line of decodePath(bytes.subarray(0, MAX_HEALTH_RECORD)).split("\n")) {
    const space = line.indexOf(" ");
    if (space < 1) continue;
    const [name, value] = [line.slice(0, space), line.slice(space + 1)];
    const before = name === "output" ? fields.get(name) : undefined;
    fields.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  const stamp = (name: string): Tain | undefined => parseTai64n(fields.get(name) ?? "");
  const [life, since] = [stamp("life"), stamp("since")];
  const state = HEALTH_STATES.find((each) => each === fields.get("state"));
  if (life === undefined || since === undefined || state === undefined) return undefined;
  const [why, output] = [fields.get("why"), fields.get("output")];
  return {
    life,
    state,
    since,
    failures: parseUint(fields.get("failures") ?? "") ?? 0,
    ...(why === undefined ? {} : { why }),
    ...(output === undefined ? {} : { output }),
  };
}

/** The record of the life that began at `stamp`; undefined: it has none. */
export function healthOf(bytes: Uint8Array, stamp: Tain): HealthRecord | undefined {
  const record = parseHealth(bytes);
  return record === undefined || compareTain(record.life, stamp) !== 0 ? undefined : record;
}
