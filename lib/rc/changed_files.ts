/**
 * Which files of a definition differ from those of the running service, for display only. The
 * decision depends on the digest, which covers more files.
 */
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import type { Service } from "./core/database.ts";
import { nameInDefinition, SERVICEDIR_ENTRIES } from "./core/source/servicedir_files.ts";

const MAX_SIZE = 1 << 20;
const MAX_DEPTH = 8;

/** The fields that each file or directory of names sets. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  "type": ["type"],
  "up": ["up"],
  "down": ["down"],
  "reload": ["reload"],
  "flag-essential": ["essential"],
  "flag-recommended": ["recommended"],
  "timeout-up": ["timeoutUpMs"],
  "timeout-down": ["timeoutDownMs"],
  "timeout-kill": ["timeoutKillMs"],
  "condition": ["conditions"],
  "max-start-failures": ["maxStartFailures"],
};

/**
 * @param servicedir The running service's own; undefined for a oneshot
 * @param nameOf Turns a number of either database into a name, for references to other services
 */
export function changedFiles(
  old: Service,
  now: Service,
  servicedir: string | undefined,
  names: {
    readonly old: (number: number) => string;
    readonly now: (number: number) => string;
  },
): string[] {
  const found = Object.entries(FIELDS).filter(([, fields]) =>
    fields.some((field) => valueOf(old, field) !== valueOf(now, field))
  ).map(([file]) => file);
  const lists: readonly (readonly [string, (service: Service) => readonly number[]])[] = [
    ["dependencies", ({ dependencies }) => dependencies.map(({ on }) => on)],
    ["wants", ({ wants }) => wants],
    ["after", ({ after }) => after],
    ["restarts-with", ({ restartsWith }) => restartsWith],
  ];
  for (const [file, listOf] of lists) {
    const before = listOf(old).map(names.old).sort().join("\n");
    if (before !== listOf(now).map(names.now).sort().join("\n")) found.push(file);
  }
  if (servicedir === undefined || now.type !== "longrun") return found;
  for (const entry of SERVICEDIR_ENTRIES) {
    const { kind } = entry;
    const name = nameInDefinition(entry);
    if (found.includes(name)) continue;
    const [before, after] = [`${servicedir}/${entry.name}`, `${now.path}/${name}`];
    // a consumer in the log host has a logscript and no run
    if (name === "run" && !isThere(before)) continue;
    if (name === "logscript" && !isThere(after) && isThere(`${now.path}/run`)) continue;
    if (
      kind === "number"
        ? !Object.is(number(before), number(after))
        : differ(before, after, MAX_DEPTH)
    ) {
      found.push(name);
    }
  }
  return found;
}

function isThere(path: string): boolean {
  return typeof tryStat(path) !== "number";
}

function valueOf(service: Service, field: string): string {
  return JSON.stringify((service as unknown as Readonly<Record<string, unknown>>)[field]) ?? "";
}

function number(path: string): number {
  return Number.parseInt(new TextDecoder().decode(contents(path)), 10);
}

function contents(path: string): Uint8Array {
  try {
    return readSmallFile(path, MAX_SIZE) ?? new Uint8Array(0);
  } catch (error) {
    if (error instanceof SyscallError) return new Uint8Array(0);
    throw error;
  }
}

function differ(one: string, other: string, depth: number): boolean {
  const [before, after] = [tryStat(one), tryStat(other)];
  if (typeof before === "number" || typeof after === "number") {
    return typeof before !== typeof after;
  }
  if (isDirectory(before.mode) !== isDirectory(after.mode)) return true;
  if (!isDirectory(before.mode)) return !isEqual(contents(one), contents(other));
  const names = new Set([...namesIn(one), ...namesIn(other)]);
  return depth > 0 &&
    [...names].some((name) => differ(`${one}/${name}`, `${other}/${name}`, depth - 1));
}

function namesIn(path: string): string[] {
  try {
    return readDirectory(path);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
