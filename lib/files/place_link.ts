/**
 * Making links, and putting them in the place of others in one step.
 *
 * A name that is taken gets its new link by a rename: there is no moment without it. Source:
 * s6-portable-utils, doc/s6-ln.html, s6-ln.c.
 */
import { EEXIST } from "../core/linux/errno.ts";
import { checked } from "../libc/bind.ts";
import { AT_FDCWD } from "../libc/directory.ts";
import { linkAt } from "../libc/entry.ts";
import { rename, symlink, unlink } from "../libc/file.ts";
import { randomName } from "./unique_name.ts";

const RANDOM_LETTERS = 6;

/**
 * What stands at the new name: a symbolic link; a hard link to the file; or one to what a symbolic
 * link points to.
 */
export type LinkKind = "symbolic" | "hard" | "hard, followed";

export interface LinkOptions {
  readonly kind: LinkKind;
  /** Replace what has the name already. */
  readonly force: boolean;
}

/**
 * Makes `path` a link to `target`. @throws {SyscallError} If that can't be done; what had the name
 * still has it then.
 */
export function placeLink(target: string, path: string, { kind, force }: LinkOptions): void {
  const action = `make a link from ${path} to ${target}`;
  const result = makeLink(target, path, kind);
  if (result !== -EEXIST || !force) {
    checked(action, result);
    return;
  }
  const temporary = temporaryLink(target, path, { kind, action });
  const renamed = rename(temporary, path);
  unlink(temporary); // of two names of one file, rename leaves both
  checked(`replace ${path} by a link to ${target}`, renamed);
}

function temporaryLink(
  target: string,
  path: string,
  { kind, action }: { readonly kind: LinkKind; readonly action: string },
): string {
  for (;;) {
    const temporary = `${path}:s6-ln:${randomName(RANDOM_LETTERS)}`;
    const made = makeLink(target, temporary, kind);
    if (made === -EEXIST) continue;
    checked(action, made);
    return temporary;
  }
}

function makeLink(target: string, path: string, kind: LinkKind): number {
  if (kind === "symbolic") return symlink(target, path);
  return linkAt({ dirFd: AT_FDCWD, name: target }, { dirFd: AT_FDCWD, name: path }, {
    follow: kind === "hard, followed",
  });
}
