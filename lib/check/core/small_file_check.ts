/**
 * What can be said of the small files of a service directory, each by itself and beside the others.
 * Source: docs/servicedir.md. Pure.
 */
import { firstLine, parseUint } from "../../core/linux/config_file.ts";
import { type Diagnosis, diagnosis } from "../../core/diagnosis/diagnoses.ts";
import { printable } from "../../core/text/printable.ts";
import { type FileKind, mostOf, usualValue } from "../../servicedir/core/servicedir_files.ts";
import { isValueKind, VALUE_KINDS, type ValueKind } from "../../servicedir/core/small_value.ts";

/** Descriptors of a service that nobody has given other limits. */
const USUAL_DESCRIPTORS = 1024;
/** Whoever writes fewer milliseconds than this has meant seconds. */
const HARDLY_MS = 100;
const SHOWN = 40;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

/** What is wrong with the value of one file. */
export function checkValue(kind: FileKind, name: string, bytes: Uint8Array): Diagnosis[] {
  if (!isValueKind(kind)) return [];
  const line = firstLine(bytes);
  const found = valueFault(kind, name, line.trim() === "" ? "" : line);
  return [...(found === undefined ? [] : [found]), ...checkLines(bytes)];
}

/** What is wrong with the lines of a file of which the first one counts. */
export function checkLines(bytes: Uint8Array): Diagnosis[] {
  const all: Diagnosis[] = [];
  const end = bytes.indexOf(NEWLINE);
  if (end > 0 && bytes[end - 1] === CARRIAGE_RETURN) all.push(diagnosis("value-crlf"));
  if (end >= 0 && bytes.subarray(end).some((byte) => byte > 32)) all.push(diagnosis("late-lines"));
  return all;
}

function valueFault(kind: ValueKind, name: string, line: string): Diagnosis | undefined {
  if (line === "") return diagnosis("no-value");
  const { parse, fault } = VALUE_KINDS[kind];
  const value = parse(line);
  if (value === undefined || kind === "signal" && value === 0) return fault(line);
  if (typeof value !== "number") return undefined;
  const shown = printable(line.slice(0, SHOWN));
  const most = mostOf(name);
  if (most !== undefined && value > most) return diagnosis("too-many", shown, String(most));
  if (kind === "fd" && (value < 1 || value >= USUAL_DESCRIPTORS)) {
    return diagnosis("not-a-descriptor", shown);
  }
  return name.startsWith("timeout-") ? checkMilliseconds(value) : undefined;
}

/** Whether a time was probably meant to be in seconds. */
export function checkMilliseconds(value: number): Diagnosis | undefined {
  return value > 0 && value < HARDLY_MS ? diagnosis("perhaps-seconds", String(value)) : undefined;
}

export interface FileDiagnosis {
  readonly name: string;
  readonly found: Diagnosis;
}

/**
 * What is wrong with the files together. @param values First lines of those that are there, by
 * name.
 */
export function checkTogether(values: ReadonlyMap<string, string>): FileDiagnosis[] {
  const all: FileDiagnosis[] = [];
  const number = (name: string): number | undefined => parseUint(values.get(name) ?? "");
  const notification = number("notification-fd");
  if (notification !== undefined && notification === number("lock-fd")) {
    all.push({ name: "lock-fd", found: diagnosis("descriptor-taken", "notification-fd") });
  }
  const delay = number("restart-delay");
  const longest = number("restart-delay-max");
  if (delay !== undefined && longest !== undefined && longest > 0 && longest < delay) {
    all.push({
      name: "restart-delay-max",
      found: diagnosis("delay-order", String(delay), String(longest)),
    });
  }
  if (values.get("restart-policy")?.trim() === "never") {
    for (
      const name of ["restart-delay", "restart-delay-max", "max-restarts"].filter((file) =>
        values.has(file)
      )
    ) {
      all.push({ name, found: diagnosis("no-effect", "restart-policy is never") });
    }
  }
  const policy = values.get("restart-policy")?.trim() ?? usualValue("restart-policy");
  if (policy === "always" && values.has("exit-codes-ok")) {
    all.push({
      name: "exit-codes-ok",
      found: diagnosis("no-effect", "restart-policy is always: it is restarted after every death"),
    });
  }
  if (values.has("flag-timeout-killpg") && (number("timeout-kill") ?? 0) === 0) {
    all.push({
      name: "flag-timeout-killpg",
      found: diagnosis("no-effect", "without timeout-kill nothing is killed"),
    });
  }
  return all;
}
