/**
 * What `hexad check --fix` does: only what can't be wrong, each in one step, and never through a
 * symbolic link. Every directory from the one that was checked to that of the file is entered
 * without following links, so whoever may write in one of them can't lead us elsewhere.
 */
import type { Mend } from "./core/check_finding.ts";
import { ELOOP, ENOTDIR, strerror } from "../core/linux/errno.ts";
import { openAt, unlinkAt } from "../libc/directory.ts";
import { fchmod, fchown, renameAt } from "../libc/entry.ts";
import {
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, open, read, writeAll } from "../libc/file.ts";
import { isDirectory, isRegular, tryFstat } from "../libc/stat.ts";
import { SyscallError } from "../libc/bind.ts";
import { makeShellScript, type ShellMend } from "./shell_mend.ts";

const READ_BITS = 0o444;
const OTHERS_WRITE = 0o002;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
/** Nobody writes a larger script by hand. */
const LARGEST = 1 << 20;
const TEMPORARY = ".hexad-check-fix";

/** What was done, `chmod +x`; or why it was not. */
export type MendResult = { readonly done: string } | { readonly left: string };

/** @param path Below `top`, without `.` and `..` in it; "" for `top` itself. */
export function mend(top: string, path: string, what: Mend): MendResult {
  const components = path.split("/").filter((component) => component !== "");
  const name = components.pop();
  let fd = open(top, O_RDONLY | O_DIRECTORY);
  try {
    for (const component of components) {
      const next = openAt(fd, component, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      close(fd);
      fd = next;
      if (fd < 0) return { left: reason(fd) };
    }
    return name === undefined ? mendMode(fd, ".", what) : mendIn(fd, name, what);
  } catch (error) {
    if (error instanceof SyscallError) return { left: error.message };
    throw error;
  } finally {
    if (fd >= 0) close(fd);
  }
}

function reason(result: number): string {
  return result === -ELOOP || result === -ENOTDIR
    ? "it is reached through a symbolic link"
    : strerror(-result);
}

function mendIn(dirFd: number, name: string, what: Mend): MendResult {
  if (what.kind === "rename") {
    const renamed = renameAt({ dirFd, name }, { dirFd, name: what.to }, { replace: false });
    return renamed < 0 ? { left: reason(renamed) } : { done: `renamed ${what.to}` };
  }
  return what.kind === "add execute bit" || what.kind === "take write bit"
    ? mendMode(dirFd, name, what)
    : rewrite(dirFd, name, what);
}

function mendMode(dirFd: number, name: string, what: Mend): MendResult {
  const fd = openAt(dirFd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return { left: reason(fd) };
  try {
    const found = tryFstat(fd);
    if (typeof found === "number") return { left: strerror(-found) };
    if (!isRegular(found.mode) && !isDirectory(found.mode)) {
      return { left: "it is no regular file" };
    }
    const adds = what.kind === "add execute bit";
    // whoever may read it may execute it
    const mode = adds ? found.mode | (found.mode & READ_BITS) >> 2 : found.mode & ~OTHERS_WRITE;
    const changed = fchmod(fd, mode & 0o7777);
    return changed < 0 ? { left: strerror(-changed) } : { done: adds ? "chmod +x" : "chmod o-w" };
  } finally {
    close(fd);
  }
}

/** A new file takes the place of the old one, with its owner and its mode. */
function rewrite(dirFd: number, name: string, what: Mend): MendResult {
  const fd = openAt(dirFd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return { left: reason(fd) };
  try {
    const found = tryFstat(fd);
    if (typeof found === "number" || !isRegular(found.mode)) {
      return { left: "it is no regular file" };
    }
    if (found.links > 1) return { left: "it has other names" };
    if (found.size > LARGEST) return { left: `it is larger than ${LARGEST} bytes` };
    const bytes = readAll(fd, found.size);
    const better = betterText(dirFd, name, { bytes, what });
    if (typeof better === "string") return { left: better };
    const temporary = openAt(dirFd, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    if (temporary < 0) return { left: `${TEMPORARY}: ${strerror(-temporary)}` };
    try {
      writeAll(temporary, better.text, `write ${TEMPORARY}`);
      const owned = fchown(temporary, found.uid, found.gid);
      const result = owned < 0 ? owned : fchmod(temporary, found.mode & 0o7777);
      const renamed = result < 0
        ? result
        : renameAt({ dirFd, name: TEMPORARY }, { dirFd, name }, { replace: true });
      if (renamed < 0) {
        unlinkAt(dirFd, TEMPORARY);
        return { left: strerror(-renamed) };
      }
    } catch (error) {
      unlinkAt(dirFd, TEMPORARY);
      throw error;
    } finally {
      close(temporary);
    }
    return { done: better.done };
  } finally {
    close(fd);
  }
}

/** The new content of the file and the words for that, or why it stays as it is. */
function betterText(
  dirFd: number,
  name: string,
  { bytes, what }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly what: Mend },
): ShellMend | string {
  if (what.kind === "shell script") {
    return makeShellScript(dirFd, name, { bytes, place: what.place });
  }
  if (what.kind === "LF line ends") {
    return { text: withoutCarriageReturns(bytes), done: "CR LF made LF" };
  }
  return { text: fromShebang(bytes), done: "what stood before #! removed" };
}

function readAll(fd: number, size: number): Uint8Array<ArrayBuffer> {
  const buffer = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const got = read(fd, buffer.subarray(length));
    if (got < 0) throw new SyscallError("read it", -got);
    if (got === 0) break;
    length += got;
  }
  return buffer.subarray(0, length);
}

function withoutCarriageReturns(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    bytes.filter((byte, at) => byte !== CARRIAGE_RETURN || bytes[at + 1] !== NEWLINE),
  );
}

function fromShebang(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes.subarray(bytes.indexOf(0x23)));
}
