/** The first bytes of a script. */
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { close, readUpTo } from "../libc/file.ts";
import { tryOpenFile } from "../libc/wary_open.ts";
import { SCRIPT_HEAD_SIZE } from "./core/interpreter.ts";

const HASH = 0x23;

/** Undefined if it is not a script or can't be read. */
export function readHead(path: string): Uint8Array | undefined {
  const fd = tryOpenFile(path, O_RDONLY, { follow: true });
  if (fd < 0) return undefined;
  try {
    const head = readUpTo(fd, SCRIPT_HEAD_SIZE, true);
    return typeof head === "number" || head[0] !== HASH ? undefined : head;
  } finally {
    close(fd);
  }
}
