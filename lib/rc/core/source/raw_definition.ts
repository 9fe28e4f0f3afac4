/**
 * Definitions as they were read: small files within limits, not checked yet. lib/rc/read_sources.ts
 * makes them from a file system; tests make them from tables. Pure.
 */
import { SERVICEDIR_ROWS } from "../../../servicedir/core/servicedir_files.ts";

/** What is under one name of a definition. A missing name or a broken link has no such record. */
export type RawFile =
  /** The first bytes of a regular file; `whole` unless it has more. */
  | { readonly kind: "file"; readonly bytes: Uint8Array; readonly whole: boolean }
  /**
   * Names sorted by bytes, without dotfiles. `contents` has the first bytes of those that are files
   * and not empty.
   */
  | {
    readonly kind: "directory";
    readonly names: readonly string[];
    readonly contents: ReadonlyMap<string, Uint8Array>;
  }
  /** A FIFO, a socket or a device. It has not been opened. */
  | { readonly kind: "odd"; readonly what: string }
  | { readonly kind: "unreadable"; readonly errno: number };

export interface RawDefinition {
  /** The source's path as it was given. */
  readonly source: string;
  readonly name: string;
  readonly files: ReadonlyMap<string, RawFile>;
  /** All names in it, including those that nothing reads. */
  readonly names: readonly string[];
  /** Why it could not be opened. */
  readonly errno?: number;
  /** The digest of everything in it. */
  readonly digest: string;
}

/** One name of a source. */
export interface RawEntry {
  readonly name: string;
  /** A directory, or a link to one: a definition. */
  readonly isDirectory: boolean;
  /** Why stat failed, for example because of a broken link. */
  readonly errno?: number;
}

export interface RawSource {
  readonly path: string;
  /** Why it could not be opened or read. */
  readonly errno?: number;
  /** Without dotfiles. */
  readonly entries: readonly RawEntry[];
  /** Sorted by the bytes of their names. */
  readonly definitions: readonly RawDefinition[];
}

/**
 * How many bytes of a file of that name are read. Source: s6-rc, s6-rc-compile.c; the limits of
 * scripts and lists are ours.
 */
export function readLimit(name: string): number {
  return LIMITS[name] ?? 65536;
}

/** Numbers that go into a service directory. */
const NUMBER_FILES = SERVICEDIR_ROWS.filter(([, { rc }]) => rc === "number").map(([name]) => name);
const SCRIPT = 1 << 20;
const TIMEOUT = 63;
const NUMBER = 11;
// deno-fmt-ignore
const LIMITS: Readonly<Record<string, number>> = {
  "type": 8,
  "timeout-up": TIMEOUT, "timeout-down": TIMEOUT,
  ...Object.fromEntries(NUMBER_FILES.map((name) => [name, NUMBER])),
  "up": SCRIPT, "down": SCRIPT, "reload": SCRIPT,
  "dependencies": SCRIPT, "contents": SCRIPT, "consumer-for": SCRIPT,
};

/**
 * Directories whose names are read. In the first one, the first bytes of its files are read too.
 */
export const LIST_DIRECTORIES: ReadonlySet<string> = new Set([
  "dependencies.d",
  "contents.d",
  "wants.d",
  "after.d",
  "before.d",
  "restarts-with.d",
]);

/** Files whose first bytes are read. */
// deno-fmt-ignore
export const READ_FILES: ReadonlySet<string> = new Set([
  "type", "dependencies", "contents", "timeout-up", "timeout-down", "up", "down", "reload", "producer-for", "consumer-for", "pipeline-name",
  ...NUMBER_FILES,
  "condition", "ready-tcp", "ready-http", "ready-log", "max-start-failures",
]);

/**
 * Names whose presence is all that counts, or whose kind alone matters before the definition is
 * copied.
 */
// deno-fmt-ignore
export const SEEN_FILES: ReadonlySet<string> = new Set([
  "flag-essential", "flag-recommended",
  ...SERVICEDIR_ROWS.filter(([, { rc }]) => rc !== undefined && rc !== "number").map(([name]) => name),
]);
