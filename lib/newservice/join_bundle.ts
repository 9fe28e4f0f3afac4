/** A bundle of definitions for s6-rc gets one more member; it is made if it is not there. */
import { EEXIST } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import {
  O_APPEND,
  O_CREAT,
  O_EXCL,
  O_NOFOLLOW,
  O_NONBLOCK,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { close, mkdir, open, tryOpen, writeAll } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { writeService } from "./write.ts";

const MAX_TYPE = 64;
const MAX_CONTENTS = 1 << 20;
const USERS = ["user", "user2"];

/** Where a bundle is, and how it lists its members. */
export interface BundlePlace {
  readonly path: string;
  readonly kind: "contents.d" | "contents" | "missing";
}

function isFolder(path: string): boolean {
  const found = tryStat(path);
  return typeof found !== "number" && isDirectory(found.mode);
}

/**
 * Undefined if there is something of that name that is no bundle.
 *
 * @param isOverlays the source is that of an image of the overlay, where the bundles of the user
 *   have a place of their own beside it
 */
export function findBundle(
  source: string,
  name: string,
  isOverlays: boolean,
): BundlePlace | undefined {
  const beside = isOverlays && USERS.includes(name) && !isFolder(`${source}/${name}`);
  const path = beside ? `${source}/../user-bundles.d/${name}` : `${source}/${name}`;
  if (typeof tryStat(path) === "number") return { path, kind: "missing" };
  const type = new TextDecoder().decode(readSmallFile(`${path}/type`, MAX_TYPE)).trim();
  // the overlay writes the types of its own ones
  if (type !== "bundle" && !(type === "" && isOverlays && USERS.includes(name))) return undefined;
  const isOld = !isFolder(`${path}/contents.d`) && typeof tryStat(`${path}/contents`) !== "number";
  return { path, kind: isOld ? "contents" : "contents.d" };
}

/** @throws {SyscallError} If it can't be written. */
export function joinBundle({ path, kind }: BundlePlace, member: string): void {
  if (kind === "missing") {
    const at = path.lastIndexOf("/");
    return writeService(path.slice(0, at), path.slice(at + 1), [
      { path: "type", text: "bundle\n", executable: false },
      { path: `contents.d/${member}`, text: "", executable: false },
    ]);
  }
  if (kind === "contents") return appendLine(`${path}/contents`, member);
  const made = mkdir(`${path}/contents.d`, 0o755);
  if (made !== -EEXIST) checked(`create directory ${path}/contents.d`, made);
  const file = `${path}/contents.d/${member}`;
  const fd = tryOpen(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o644);
  if (fd >= 0) close(fd);
  else if (fd !== -EEXIST) throw new SyscallError(`create ${file}`, -fd);
}

function appendLine(path: string, line: string): void {
  const last = readSmallFile(path, MAX_CONTENTS)?.at(-1);
  const fd = open(path, O_WRONLY | O_APPEND | O_NONBLOCK);
  try {
    const newline = last === undefined || last === 0x0a ? "" : "\n";
    writeAll(fd, encodePath(`${newline}${line}\n`), `write ${path}`);
  } finally {
    close(fd);
  }
}
