/** The files that match a shell pattern. Source: glob(7); the order is that of bytes. */
import { componentMatcher, isPattern, unescapePattern } from "../core/regex/glob_pattern.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { tryLstat } from "../libc/stat.ts";

/**
 * The paths that match, sorted; empty if there are none. A path that is not a pattern is returned
 * unchanged, whether it exists or not. Directories that can't be read count as empty.
 */
export function expandPattern(pattern: string): string[] {
  if (!/[*?[]/.test(pattern)) return [unescapePattern(pattern)];
  const root = pattern.startsWith("/") ? "/" : "";
  let paths = [root];
  for (const component of pattern.split("/").filter((part) => part !== "")) {
    paths = isPattern(component)
      ? paths.flatMap((path) => matchesIn(path, component))
      : paths.map((path) => path + component);
    paths = paths.map((path) => `${path}/`);
  }
  const found = paths.map((path) => path.slice(0, -1)).filter((path) =>
    typeof tryLstat(path) !== "number"
  );
  return found.sort();
}

function matchesIn(directory: string, component: string): string[] {
  const matches = componentMatcher(component);
  return namesIn(directory === "" ? "." : directory).filter(matches).map((name) =>
    directory + name
  );
}

function namesIn(directory: string): string[] {
  try {
    return readDirectory(directory);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}
