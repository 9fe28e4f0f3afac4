/**
 * Whether a finish script can outlast the time that it has. Source: s6, doc/servicedir.html:
 * timeout-finish.
 */
import { firstLine, parseUint } from "../core/linux/config_file.ts";
import { diagnosis } from "../core/diagnosis/diagnoses.ts";
import { baseName } from "../core/text/path_name.ts";
import type { Program } from "./checked_program.ts";
import type { Report } from "./report.ts";

const DEFAULT_MS = 5000;
const VALUE_LIMIT = 64;
const UNITS: Readonly<Record<string, number>> = {
  "": 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** How long the command sleeps, in milliseconds; 0 if it is no sleep, or it can't be told. */
export function sleepMs(words: readonly string[]): number {
  const name = baseName(words[0] ?? "");
  if (name !== "sleep" && name !== "s6-sleep") return 0;
  if (words[1] === "infinity" || words[1] === "inf") return Infinity;
  const inMs = words[1] === "-m";
  const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(words[inMs ? 2 : 1] ?? "");
  return match === null ? 0 : Number(match[1]) * (inMs ? 1 : UNITS[match[2]!]!);
}

/** @param words All words of a script, where each may be the beginning of a sleep. */
export function checkSleeps(report: Report, program: Program, words: readonly string[]): void {
  checkLongest(
    report,
    program,
    words.reduce((longest, _, at) => Math.max(longest, sleepMs(words.slice(at, at + 3))), 0),
    undefined,
  );
}

export function checkLongest(
  report: Report,
  { path, directory }: Program,
  ms: number,
  line: number | undefined,
): void {
  const bytes = report.view.read(`${directory}/timeout-finish`, VALUE_LIMIT);
  const limit = typeof bytes === "string" ? DEFAULT_MS : parseUint(firstLine(bytes)) ?? DEFAULT_MS;
  if (limit === 0 || ms < limit || ms === 0) return;
  const needs = ms === Infinity ? "for ever" : `${ms / 1000} s`;
  report.add(
    path,
    diagnosis("finish-too-long", needs, `${limit} ms`),
    line === undefined ? {} : { line },
  );
}
