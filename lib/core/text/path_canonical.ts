/**
 * A path without `.`, `..` and doubled slashes, by its text. Source: POSIX, cd, step 8; skalibs,
 * path_canonicalize.c. Pure.
 */

/**
 * What is to be looked at before a `..` takes the component before it away: is that a directory?
 * Throws if not.
 */
export type CheckDirectory = (path: string) => void;

/** @param check Called with each path that a `..` leads out of. */
export function canonicalPath(path: string, check: CheckDirectory): string {
  const isAbsolute = path.startsWith("/");
  const kept: string[] = [];
  for (const component of path.split("/")) {
    if (component === "" || component === ".") continue;
    if (component === ".." && kept.length > 0 && kept.at(-1) !== "..") {
      check((isAbsolute ? "/" : "") + kept.join("/"));
      kept.pop();
    } else if (component !== ".." || !isAbsolute) {
      kept.push(component);
    }
  }
  return (isAbsolute ? "/" : "") + kept.join("/") || ".";
}
