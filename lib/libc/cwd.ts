/**
 * The name of the process's directory. Source: getcwd(2).
 *
 * The absolute name of a file without symbolic links, byte for byte. Source: proc(5).
 *
 * Making files with exactly the mode that is asked for.
 */
import { ENOENT } from "../core/linux/errno.ts";
import { MACHINE } from "../core/linux/machine.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";
import { O_PATH } from "../core/linux/open_flags.ts";
import { close, readlink, tryOpen, umask } from "./file.ts";

const PATH_MAX = 4096;

// the C library's getcwd() has no error number where `call` looks for it
const libc = bindLibrary({
  syscall: {
    parameters: [
      "i64", // long number
      "buffer", // char *buf
      "usize", // unsigned long size
    ],
    result: "i32",
  },
});

/**
 * An absolute path. @throws {SyscallError} If the directory has none: it was removed, or lies
 * outside of our root.
 */
export function workingDirectory(): string {
  const buffer = new Uint8Array(PATH_MAX);
  const length = checked(
    "getcwd",
    call(libc.syscall, BigInt(MACHINE.calls.getcwd), buffer, BigInt(buffer.length)),
  );
  const path = decodePath(buffer.subarray(0, length - 1));
  if (!path.startsWith("/")) throw new SyscallError("getcwd", ENOENT);
  return path;
}

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

/** Runs `action` under another file mode creation mask, and puts back the one that was in force. */
export function withUmask<T>(mask: number, action: () => T): T {
  const before = umask(mask);
  try {
    return action();
  } finally {
    umask(before);
  }
}
