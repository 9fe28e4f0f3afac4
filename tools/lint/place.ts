/**
 * Where a file stands in the layers of the repository: cmd -> domain (lib/*) -> lib/libc ->
 * lib/core.
 */
import { ROOT } from "../layout.ts";

export type Layer = "cmd" | "domain" | "libc" | "core" | "other";

/** The path in the repository of the file that is linted. */
export function repositoryPath(filename: string): string {
  return filename.startsWith(`${ROOT}/`) ? filename.slice(ROOT.length + 1) : filename;
}

/** The layer of a path in the repository; `other` is what is not part of the program. */
export function layerOf(path: string): Layer {
  if (path.startsWith("cmd/")) return "cmd";
  if (path.startsWith("lib/core/")) return "core";
  if (path.startsWith("lib/libc/")) return "libc";
  return path.startsWith("lib/") ? "domain" : "other";
}

/** The path in the repository that `specifier`, in the file `importer`, means. */
export function resolveImport(importer: string, specifier: string): string {
  return new URL(specifier, `file:///${importer}`).pathname.slice(1);
}
