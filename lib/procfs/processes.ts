/**
 * The processes of the machine (or of the container, which sees its own), as `/proc` tells them.
 * Source: proc(5).
 */
import { ENOENT } from "../core/linux/errno.ts";
import { parseProcessStat, type ProcessStat } from "../core/linux/process_stat.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";

const STAT_LIMIT = 1024;
const decoder = new TextDecoder("latin1"); // the name may hold any bytes

/** A file of `/proc`; undefined if the process has ended or this user may not read it. */
export function readProcFile(path: string, limit: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readSmallFile(path, limit);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}

/** What one process is doing; undefined if there is none of that number. */
export function readProcess(pid: number): ProcessStat | undefined {
  const bytes = readProcFile(`/proc/${pid}/stat`, STAT_LIMIT);
  return bytes === undefined ? undefined : parseProcessStat(decoder.decode(bytes));
}

/** All processes that this user may see; none if /proc is not mounted. */
export function listProcesses(): ProcessStat[] {
  let names: string[];
  try {
    names = readDirectory("/proc");
  } catch (error) {
    if (error instanceof SyscallError && error.errno === ENOENT) return [];
    throw error;
  }
  return names.filter((name) => /^[0-9]+$/.test(name)).map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined);
}
