/** Where a file stands in the repository: cmd -> the rooms of lib, in the order of rooms.ts. */
import { ROOT } from "../layout.ts";
import { isPureRoom, roomOf } from "./rooms.ts";

/** `lib`: a file of lib that stands in no room of the list. */
export type Layer = "cmd" | "domain" | "libc" | "core" | "lib" | "other";

/** The path in the repository of the file that is linted. */
export function repositoryPath(filename: string): string {
  return filename.startsWith(`${ROOT}/`) ? filename.slice(ROOT.length + 1) : filename;
}

/** The layer of a path in the repository; `other` is what is not part of the program. */
export function layerOf(path: string): Layer {
  if (path.startsWith("cmd/")) return "cmd";
  const room = roomOf(path);
  if (room === undefined) return path.startsWith("lib/") ? "lib" : "other";
  if (isPureRoom(room)) return "core";
  return room === "lib/libc" ? "libc" : "domain";
}

/** The path in the repository that `specifier`, in the file `importer`, means. */
export function resolveImport(importer: string, specifier: string): string {
  return new URL(specifier, `file:///${importer}`).pathname.slice(1);
}
