/**
 * The parts of a path name, as basename(1) and dirname(1) have them. Source: POSIX, basename and
 * dirname; skalibs, sabasename.c. Pure.
 */

/** The last component, without slashes; `/` for the root, `.` for the empty path. */
export function baseName(path: string): string {
  const trimmed = withoutTrailingSlashes(path);
  if (trimmed === "") return path === "" ? "." : "/";
  return trimmed.slice(trimmed.lastIndexOf("/") + 1);
}

/** What stands behind the last slash: of a path that ends with one, nothing. */
export function lastComponent(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** What stands before the last component, without slashes at its end; `.` if nothing does. */
export function dirName(path: string): string {
  const trimmed = withoutTrailingSlashes(path);
  if (trimmed === "") return path === "" ? "." : "/";
  const slash = trimmed.lastIndexOf("/");
  return slash === -1 ? "." : withoutTrailingSlashes(trimmed.slice(0, slash)) || "/";
}

/**
 * `name` without `suffix`, if it ends with it and has more than that: byte for byte, since a suffix
 * may be half a character.
 */
export function withoutSuffix(
  name: Uint8Array<ArrayBuffer>,
  suffix: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const rest = name.length - suffix.length;
  const ends = rest > 0 && suffix.every((byte, i) => byte === name[rest + i]);
  return ends ? name.subarray(0, rest) : name;
}

function withoutTrailingSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}
