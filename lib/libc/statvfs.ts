/** How a file system is mounted. Source: statvfs(3), x86-64 layout. */
import { encodeCString } from "../core/path_bytes.ts";
import { bindLibrary, call } from "./bind.ts";

const F_FLAG_OFFSET = 72;

export const ST_RDONLY = 1;
export const ST_NOEXEC = 8;

const libc = bindLibrary({ statvfs: { parameters: ["buffer", "buffer"], result: "i32" } });

/** The flags (ST_*) of the mount that `path` is on; 0 where that can't be told. */
export function mountFlags(path: string): number {
  const record = new DataView(new ArrayBuffer(112));
  if (call(libc.statvfs, encodeCString(path), new Uint8Array(record.buffer)) < 0) return 0;
  return Number(record.getBigUint64(F_FLAG_OFFSET, true));
}

/** Does the file system of `path` forbid the execution of programs? False where that can't be told. */
export function isMountedNoexec(path: string): boolean {
  return (mountFlags(path) & ST_NOEXEC) !== 0;
}
