/**
 * Sources in memory, from a table: `"src/web/run": "#!/bin/sh"`, `"src/all/contents.d/": ""` for an
 * empty directory, `"...|"` for a FIFO.
 */
import { byBytes } from "../../../lib/core/text/bytes.ts";
import { ENOENT } from "../../../lib/core/linux/errno.ts";
import {
  type RawDefinition,
  type RawFile,
  type RawSource,
  readLimit,
} from "../../../lib/rc/core/source/raw_definition.ts";

export type SourceSpec = Readonly<Record<string, string>>;

export function rawSources(spec: SourceSpec, sources: readonly string[] = ["src"]): RawSource[] {
  return sources.map((source) => rawSource(spec, source));
}

function rawSource(spec: SourceSpec, source: string): RawSource {
  const inside = Object.entries(spec).filter(([path]) => path.startsWith(`${source}/`))
    .map(([path, text]) => [path.slice(source.length + 1).split("/"), text] as const);
  if (inside.length === 0) return { path: source, errno: ENOENT, entries: [], definitions: [] };
  const names = [...new Set(inside.map(([[name]]) => name!))].sort(byBytes);
  const directories = names.filter((name) =>
    inside.some(([parts]) => parts[0] === name && parts.length > 1)
  );
  return {
    path: source,
    entries: names.map((name) => ({ name, isDirectory: directories.includes(name) })),
    definitions: directories.map((name) =>
      rawDefinition(
        source,
        name,
        inside.filter(([parts]) => parts[0] === name).map((
          [parts, text],
        ) => [parts.slice(1), text]),
      )
    ),
  };
}

function rawDefinition(
  source: string,
  name: string,
  inside: readonly (readonly [readonly string[], string])[],
): RawDefinition {
  const files = new Map<string, RawFile>();
  const encoder = new TextEncoder();
  for (const [[file = "", entry], text] of inside) {
    if (file === "") continue;
    if (file.endsWith("|")) {
      files.set(file.slice(0, -1), { kind: "odd", what: "a FIFO, and not a regular file" });
    } else if (entry === undefined) {
      const bytes = encoder.encode(text);
      files.set(file, {
        kind: "file",
        bytes: bytes.subarray(0, readLimit(file)),
        whole: bytes.length <= readLimit(file),
      });
    } else {
      const before = files.get(file);
      const names = before?.kind === "directory" ? before.names : [];
      const contents = new Map(before?.kind === "directory" ? before.contents : []);
      if (text !== "") contents.set(entry, encoder.encode(text));
      files.set(file, {
        kind: "directory",
        names: entry === "" ? names : [...names, entry].sort(byBytes),
        contents,
      });
    }
  }
  return {
    source,
    name,
    files,
    names: [...files.keys()].sort(byBytes),
    digest: JSON.stringify(inside),
  };
}
