/**
 * Listening and connecting under a name in a directory, however long its path is. The address of a
 * socket has room for 107 bytes.
 */
import { ECONNREFUSED, ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { O_DIRECTORY, O_PATH } from "../core/linux/open_flags.ts";
import { close, open, unlink } from "../libc/file.ts";
import { connectTo, listenAt } from "../libc/socket/local.ts";
import { withUmask } from "../libc/cwd.ts";

/** The name of the socket in `.s6-svscan` on which s6-rc-init finds s6-svscan. */
export const ENTRANCE = "hexad";
const ONLY_OURS = 0o177;
const MAX_PATH = 107;

/** Does `use` with a path to the name that is short enough. */
function withShortPath<T>(directory: string, name: string, use: (path: string) => T): T {
  const path = `${directory}/${name}`;
  if (encodePath(path).length <= MAX_PATH) return use(path);
  const dirFd = open(directory, O_PATH | O_DIRECTORY);
  try {
    return use(`/proc/self/fd/${dirFd}/${name}`);
  } finally {
    close(dirFd);
  }
}

/**
 * Listens; a socket that somebody has left behind is replaced. @throws {SyscallError} If it can't.
 */
export function listenIn(directory: string, name: string): number {
  unlink(`${directory}/${name}`);
  return withShortPath(directory, name, (path) => withUmask(ONLY_OURS, () => listenAt(path)));
}

/** A connected socket; or `-errno`. */
export function connectIn(directory: string, name: string): number {
  try {
    return withShortPath(directory, name, connectTo);
  } catch (error) {
    if (error instanceof SyscallError) return -error.errno;
    throw error;
  }
}

/** Does `-errno` of connectIn mean that nobody listens? */
export function isNobody(result: number): boolean {
  return result === -ENOENT || result === -ENOTDIR || result === -ECONNREFUSED;
}
