/**
 * Whose program a word of a chain is. What execvp(3) would execute decides: if that is this very
 * program under one of its names, or there is nothing and the name is one of ours, it runs within
 * this process. A program of the same name that stands earlier in PATH is respected. So does a path
 * at which images of any version of s6-overlay have had the command, if there is nothing: they say
 * `/bin/execlineb`, and in some images /bin is not /usr/bin. Source: skalibs, execvep.c.
 */
import { ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { lastComponent } from "../core/text/path_name.ts";
import { access, X_OK } from "../libc/file.ts";
import { OWN_FILE } from "../libc/invocation.ts";
import { isRegular, type Stat, stat, tryLstat, tryStat } from "../libc/stat.ts";
import { isCommandPath } from "./core/command_path.ts";
import type { ChainPort } from "./link.ts";

/** SKALIBS_DEFAULTPATH: where to look if PATH is not set. */
const DEFAULT_PATH = "/usr/bin:/bin";

export type Lookup =
  | { readonly kind: "ours"; readonly name: string }
  /** Paths to try, in order, beginning with the one that will do, if there is one. */
  | { readonly kind: "foreign"; readonly paths: readonly string[] };

function isAbsentCommand(path: string): boolean {
  if (!isCommandPath(path)) return false;
  const found = tryLstat(path);
  return found === -ENOENT || found === -ENOTDIR;
}

let own: Stat | undefined;

/**
 * To be called before the first link: it may take away the right to look. @throws {SyscallError} If
 * this program's file can't be looked at.
 */
export function rememberOwnFile(): void {
  own ??= stat(OWN_FILE);
}

/** Is the file this program? */
function isOwn(file: Stat): boolean {
  return file.ino === own?.ino && file.dev === own.dev;
}

/**
 * Looks up the word `program`.
 *
 * @param path PATH; undefined if it is not set.
 */
export function lookUp(
  program: string,
  path: string | undefined,
  commands: Pick<ChainPort, "isCommand" | "isAnywhere">,
): Lookup {
  const paths = program.includes("/")
    ? [program]
    : (path ?? DEFAULT_PATH).split(":").filter((directory) => directory !== "").map((directory) =>
      `${directory}/${program}`
    );
  const name = lastComponent(program);
  for (const [i, candidate] of paths.entries()) {
    const file = tryStat(candidate);
    if (typeof file === "number" || !isRegular(file.mode)) continue;
    if (isOwn(file)) {
      if (commands.isCommand(name)) return { kind: "ours", name };
    } else if (access(candidate, X_OK) < 0) {
      continue;
    }
    return { kind: "foreign", paths: paths.slice(i) };
  }
  const isAbsent = !program.includes("/") || isAbsentCommand(program);
  if (isAbsent && commands.isAnywhere(name)) return { kind: "ours", name };
  return { kind: "foreign", paths };
}
