/** The absolute name of a file without symbolic links, byte for byte. Source: proc(5). */
import { checked, SyscallError } from "./bind.ts";
import { close, O_PATH, readlink, tryOpen } from "./file.ts";

/** @throws {SyscallError} If there is no such file, or /proc is not there to tell. */
export function realPath(path: string): string {
  const action = `resolve ${path}`;
  const fd = checked(action, tryOpen(path, O_PATH));
  try {
    const resolved = readlink(`/proc/self/fd/${fd}`);
    if (typeof resolved === "number") throw new SyscallError(action, -resolved);
    return resolved;
  } finally {
    close(fd);
  }
}
