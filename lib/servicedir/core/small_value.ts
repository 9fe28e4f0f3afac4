/**
 * The kinds of values in the first lines of a service directory's small files: how each is parsed,
 * and what is wrong with a line that is none. The supervisor and `hexad check` say it in the same
 * words. Pure.
 */
import { type Diagnosis, diagnosis } from "../../core/diagnosis/diagnoses.ts";
import { parseUint } from "../../core/linux/config_file.ts";
import { parseOomScoreAdj } from "../../core/linux/oom_score_adj.ts";
import { signalNumber } from "../../core/linux/signals.ts";
import { printable } from "../../core/text/printable.ts";
import {
  MAX_EXIT_CODES,
  MAX_MAX_RESTARTS,
  parseExitCodes,
  parseMaxRestarts,
  parseRestartPolicy,
} from "./restart_values.ts";

/** So much of a wrong value is shown. */
const SHOWN = 40;

interface ValueKindRow<T> {
  readonly parse: (line: string) => T | undefined;
  /** What is wrong with a line that `parse` makes nothing of. */
  readonly fault: (line: string) => Diagnosis;
}

function row<T>(
  parse: (line: string) => T | undefined,
  fault: (line: string) => Diagnosis,
): ValueKindRow<T> {
  return { parse, fault };
}

const noNumber = (): Diagnosis => diagnosis("not-a-number");

export const VALUE_KINDS = {
  milliseconds: row(parseUint, noNumber),
  tally: row(parseUint, noNumber),
  fd: row(parseUint, noNumber),
  signal: row(
    (line) => signalNumber(line.trim()),
    (line) => diagnosis("not-a-signal", printable(line.slice(0, SHOWN))),
  ),
  policy: row((line) => parseRestartPolicy(line.trim()), () => diagnosis("not-a-policy")),
  "max-restarts": row(
    parseMaxRestarts,
    () => diagnosis("not-max-restarts", String(MAX_MAX_RESTARTS)),
  ),
  "exit-codes": row(parseExitCodes, () => diagnosis("not-exit-codes", String(MAX_EXIT_CODES))),
  "oom-score-adj": row(parseOomScoreAdj, () => diagnosis("not-an-oom-score-adj")),
};

export type ValueKind = keyof typeof VALUE_KINDS;
export type ValueOfKind<K extends ValueKind> = NonNullable<
  ReturnType<(typeof VALUE_KINDS)[K]["parse"]>
>;

export function isValueKind(kind: string): kind is ValueKind {
  return Object.hasOwn(VALUE_KINDS, kind);
}
