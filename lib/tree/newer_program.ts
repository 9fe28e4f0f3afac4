/**
 * Whether another program stands where the one was that runs s6-svscan: a package was upgraded, and
 * what runs has not become the new one yet. Source: proc_pid_exe(5).
 */
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { tryOpenLock } from "../servicedir/client.ts";
import { SyscallError } from "../libc/bind.ts";
import { close, readlink } from "../libc/file.ts";
import { lockHolder } from "../libc/lock.ts";
import { fileKey, tryStat } from "../libc/stat.ts";
import { readProcFile } from "../procfs/processes.ts";

/** How C's is called. */
const C_SVSCAN = "s6-svscan";
const NAME_LIMIT = 4096;

export interface NewerProgram {
  /** Where it stands, as the process sees it. */
  readonly path: string;
  /** The process that still runs the other one. */
  readonly pid: number;
  /** It is /init, which can't become another one. */
  readonly isInit: boolean;
}

/** Undefined if there is none, and where this user may not know. */
export function newerProgram(scandir: string): NewerProgram | undefined {
  const pid = holderOf(scandir) ?? 0;
  const program = pid > 0 ? readlink(`/proc/${pid}/exe`) : -1;
  if (typeof program !== "string") return undefined;
  const path = program.replace(/ \(deleted\)$/, "");
  const running = tryStat(`/proc/${pid}/exe`);
  const standing = tryStat(`/proc/${pid}/root${path}`);
  if (typeof running === "number" || typeof standing === "number") return undefined;
  if (fileKey(running) === fileKey(standing) || path.endsWith(`/${C_SVSCAN}`)) return undefined;
  return { path, pid, isInit: nameOf(pid).split("/").at(-1) === "init" };
}

/** As what it was called. */
function nameOf(pid: number): string {
  const bytes = readProcFile(`/proc/${pid}/cmdline`, NAME_LIMIT);
  return new TextDecoder("latin1").decode(bytes).split("\0")[0]!;
}

function holderOf(scandir: string): number | undefined {
  const fd = tryOpenLock(scandir, SVSCAN_CTLDIR);
  if (fd < 0) return undefined;
  try {
    return lockHolder(fd);
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  } finally {
    close(fd);
  }
}
