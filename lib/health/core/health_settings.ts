/**
 * What the files of `health-check/` say together: what a check does, and the rules of the machine.
 * A value that makes no sense is reported and counts as a missing file. Pure.
 */
import { type Diagnosis, diagnosis } from "../../core/diagnosis/diagnoses.ts";
import { parseUint } from "../../core/linux/config_file.ts";
import { printable } from "../../core/text/printable.ts";
import {
  addressesOf,
  type Endpoint,
  type HttpTarget,
  isSocketPath,
  parseEndpoint,
  parseHttpUrl,
  parseStatuses,
  type StatusRange,
} from "./check_target.ts";
import {
  CHECK_FILES,
  HEALTH_FILES,
  type HealthFile,
  type HealthFileKind,
  type HealthFileName,
  type Reaction,
  REACTIONS,
} from "./health_files.ts";
import type { HealthRules } from "./health_machine.ts";

/** More than any value that means something; longer lines are cut and then make no sense. */
export const HEALTH_FILE_LIMIT = 4096;
const SHOWN = 40;

export type HealthCheck =
  | { readonly kind: "run" }
  | { readonly kind: "tcp"; readonly endpoint: Endpoint }
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "http"; readonly target: HttpTarget; readonly good: readonly StatusRange[] };

export interface HealthSettings {
  readonly check: HealthCheck;
  readonly rules: HealthRules;
}

export interface HealthFault {
  readonly name: HealthFileName;
  readonly found: Diagnosis;
}

/** First lines of the files that are there, by name; of `run`, anything. */
export type HealthLines = ReadonlyMap<HealthFileName, string>;

/** What is wrong with the line of one file; undefined: nothing. */
export function healthFault(name: HealthFileName, line: string): Diagnosis | undefined {
  const { kind, least }: HealthFile = HEALTH_FILES[name];
  if (kind === "program") return undefined;
  if (line.trim() === "") return diagnosis("no-value");
  return faultOf(kind, line.trim(), least ?? 1);
}

function faultOf(kind: HealthFileKind, text: string, least: number): Diagnosis | undefined {
  switch (kind) {
    case "program":
      return undefined;
    case "tcp":
      return endpointFault(parseEndpoint(text), diagnosis("not-an-endpoint"));
    case "url":
      return endpointFault(
        parseHttpUrl(text),
        /^https:/i.test(text) ? diagnosis("https-check") : diagnosis("not-an-http-url"),
      );
    case "path":
      return isSocketPath(text) ? undefined : diagnosis("not-a-socket-path");
    case "statuses":
      return parseStatuses(text) === undefined ? diagnosis("not-statuses") : undefined;
    case "milliseconds":
    case "count": {
      const number = parseUint(text);
      if (number === undefined) return diagnosis("not-a-number");
      return number < least ? diagnosis("too-little", text, String(least)) : undefined;
    }
    case "reaction":
      return isReaction(text) ? undefined : diagnosis("not-a-reaction");
    default:
      return kind satisfies never;
  }
}

function endpointFault(
  endpoint: Endpoint | undefined,
  otherwise: Diagnosis,
): Diagnosis | undefined {
  if (endpoint === undefined) return otherwise;
  return addressesOf(endpoint.host) === undefined
    ? diagnosis("host-name-check", printable(endpoint.host.slice(0, SHOWN)))
    : undefined;
}

function isReaction(text: string): text is Reaction {
  return REACTIONS.some((each) => each === text);
}

/** What is wrong with the files together. */
export function faultsTogether(names: ReadonlySet<string>): HealthFault[] {
  const there = CHECK_FILES.filter((name) => names.has(name));
  const [first] = there;
  const others = there.slice(1).map((name) => ({
    name,
    found: diagnosis("second-check", first!),
  }));
  return names.has("http-status") && first !== undefined && first !== "http"
    ? [...others, { name: "http-status", found: diagnosis("no-effect", "there is no http") }]
    : others;
}

/**
 * The settings; undefined if nothing says how to check. `onFault` is told of each file that is
 * passed over.
 */
export function healthSettings(
  lines: HealthLines,
  onFault: (fault: HealthFault) => void,
): HealthSettings | undefined {
  const sound = new Map<HealthFileName, string>();
  for (const [name, line] of lines) {
    const found = healthFault(name, line);
    if (found === undefined) sound.set(name, line.trim());
    else onFault({ name, found });
  }
  for (const fault of faultsTogether(new Set(sound.keys()))) onFault(fault);
  const check = checkOf(sound);
  return check === undefined ? undefined : { check, rules: rulesOf(sound) };
}

function checkOf(sound: HealthLines): HealthCheck | undefined {
  const kind = CHECK_FILES.find((name) => sound.has(name));
  const text = kind === undefined ? "" : sound.get(kind)!;
  switch (kind) {
    case undefined:
      return undefined;
    case "run":
      return { kind };
    case "tcp":
      return { kind, endpoint: parseEndpoint(text)! };
    case "unix":
      return { kind, path: text };
    case "http":
      return {
        kind,
        target: parseHttpUrl(text)!,
        good: parseStatuses(sound.get("http-status") ?? HEALTH_FILES["http-status"].usual)!,
      };
    default:
      return kind satisfies never;
  }
}

function rulesOf(sound: HealthLines): HealthRules {
  const number = (name: HealthFileName, otherwise: number): number =>
    parseUint(sound.get(name) ?? "") ?? otherwise;
  const intervalMs = number("interval", HEALTH_FILES.interval.usual);
  const startIntervalMs = number("start-interval", HEALTH_FILES["start-interval"].usual);
  const reaction = sound.get("on-unhealthy") ?? "";
  return {
    intervalMs,
    timeoutMs: number("timeout", HEALTH_FILES.timeout.usual),
    retries: number("retries", HEALTH_FILES.retries.usual),
    startPeriodMs: number("start-period", intervalMs),
    startIntervalMs: sound.has("start-interval")
      ? startIntervalMs
      : Math.min(startIntervalMs, intervalMs),
    reaction: isReaction(reaction) ? reaction : "none",
  };
}
