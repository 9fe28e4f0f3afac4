/** A file that must not exist yet, with its whole content. */
import { O_CREAT, O_EXCL, O_WRONLY } from "../core/linux/open_flags.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { close, open, writeAll } from "../libc/file.ts";

/** @throws {SyscallError} If something has the name, a link too, or it can't be written. */
export function writeNew(path: string, text: string, mode = 0o644): void {
  writeNewBytes(path, encodePath(text), mode);
}

/** The same of bytes. */
export function writeNewBytes(path: string, bytes: Uint8Array<ArrayBuffer>, mode: number): void {
  const fd = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
  try {
    writeAll(fd, bytes, `write to ${path}`);
  } finally {
    close(fd);
  }
}
