/** Removing a file or a directory with all that is in it. Symbolic links are removed, not followed. */
import { ENOENT } from "../core/errno.ts";
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { readDirectory, unlink } from "./file.ts";
import { isDirectory, tryLstat } from "./stat.ts";

const libc = bindLibrary({ rmdir: { parameters: ["buffer"], result: "i32" } });

/** Removes an empty directory. 0, or `-errno`. */
export function rmdir(path: string): number {
  return call(libc.rmdir, encodeCString(path));
}

/** Does nothing if there is no such file. @throws {SyscallError} At the first thing that can't be removed. */
export function removeTree(path: string): void {
  const found = tryLstat(path);
  if (found === -ENOENT) return;
  const action = `remove ${path}`;
  if (typeof found === "number") {
    checked(action, found);
  } else if (isDirectory(found.mode)) {
    for (const name of readDirectory(path)) removeTree(`${path}/${name}`);
    checked(action, rmdir(path));
  } else {
    checked(action, unlink(path));
  }
}
