/** Sources of definitions, read as they are seen from within an image. */
import { EACCES, ENOENT } from "../core/linux/errno.ts";
import {
  LIST_DIRECTORIES,
  type RawDefinition,
  type RawEntry,
  type RawFile,
  type RawSource,
  READ_FILES,
  readLimit,
  SEEN_FILES,
} from "../rc/core/source/raw_definition.ts";
import type { RootView } from "./root_view.ts";

const ENTRY_LIMIT = 64;

/** @param path As it is seen from within the view. */
export function readSourceIn(view: RootView, path: string): RawSource {
  const listed = view.names(path);
  if (typeof listed === "string") {
    return { path, errno: view.exists(path) ? EACCES : ENOENT, entries: [], definitions: [] };
  }
  const entries = listed.names.filter((name) => !name.startsWith(".")).map((name) =>
    entryIn(view, path, name)
  );
  const definitions = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) =>
    readDefinitionIn(view, path, name)
  );
  return { path, entries, definitions };
}

function entryIn(view: RootView, source: string, name: string): RawEntry {
  const found = view.resolve(`${source}/${name}`);
  if (found.kind === "found") return { name, isDirectory: found.record.type === "directory" };
  return { name, isDirectory: false, errno: found.kind === "missing" ? ENOENT : EACCES };
}

function readDefinitionIn(view: RootView, source: string, name: string): RawDefinition {
  const path = `${source}/${name}`;
  const listed = view.names(path);
  if (typeof listed === "string") {
    return { source, name, files: new Map(), names: [], errno: EACCES, digest: "" };
  }
  const files = new Map<string, RawFile>();
  for (const entry of listed.names) {
    if (!READ_FILES.has(entry) && !LIST_DIRECTORIES.has(entry) && !SEEN_FILES.has(entry)) continue;
    const file = readFileIn(view, `${path}/${entry}`, entry);
    if (file !== undefined) files.set(entry, file);
  }
  return { source, name, files, names: listed.names, digest: "" };
}

/** Undefined for a link to nothing. */
function readFileIn(view: RootView, path: string, name: string): RawFile | undefined {
  const found = view.resolve(path);
  if (found.kind === "missing") return undefined;
  if (found.kind !== "found") return { kind: "unreadable", errno: EACCES };
  const { type } = found.record;
  if (type === "directory") {
    const listed = LIST_DIRECTORIES.has(name) ? view.names(path) : undefined;
    if (typeof listed !== "object") return { kind: "directory", names: [], contents: new Map() };
    const names = listed.names.filter((entry) => !entry.startsWith("."));
    return {
      kind: "directory",
      names,
      contents: name === "dependencies.d" ? beginnings(view, path, names) : new Map(),
    };
  }
  if (type !== "file") {
    return {
      kind: "odd",
      what: type === "fifo" ? "a FIFO, and not a regular file" : "no regular file",
    };
  }
  const limit = READ_FILES.has(name) ? readLimit(name) : 0;
  // one byte more tells whether that is all
  const bytes = view.read(path, limit + 1);
  if (typeof bytes === "string") return { kind: "unreadable", errno: EACCES };
  return { kind: "file", bytes: bytes.subarray(0, limit), whole: bytes.length <= limit };
}

function beginnings(
  view: RootView,
  path: string,
  names: readonly string[],
): Map<string, Uint8Array> {
  return new Map(names.flatMap((name) => {
    const bytes = view.read(`${path}/${name}`, ENTRY_LIMIT);
    return typeof bytes === "string" || bytes.length === 0 ? [] : [[name, bytes] as const];
  }));
}
