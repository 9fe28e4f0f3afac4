/**
 * Makes this process outlive its children when memory is short. It checks nothing before the first
 * child is started.
 */
import { memoryLimitFiles, parseMemoryLimit } from "./core/cgroup_memory.ts";
import { scoresFor } from "../core/linux/oom_score_adj.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { takeOomScores } from "../libc/oom_score.ts";

const MAX_FILE_BYTES = 4096;

function readText(path: string): string {
  try {
    return decodePath(readSmallFile(path, MAX_FILE_BYTES) ?? new Uint8Array(0));
  } catch (error) {
    if (error instanceof SyscallError) return ""; // we may not read it, so nothing is known
    throw error;
  }
}

/** How much memory we may use before the kernel kills one of us; undefined if unknown. */
function memoryBytes(): number | undefined {
  const limits = memoryLimitFiles(readText("/proc/self/cgroup")).map((path) =>
    parseMemoryLimit(readText(path))
  );
  const known = limits.filter((limit) => limit !== undefined);
  if (known.length > 0) return Math.min(...known);
  const total = /^MemTotal:\s+(\d+) kB$/m.exec(readText("/proc/meminfo"))?.[1];
  return total === undefined ? undefined : Number(total) * 1024;
}

/**
 * Lowers this process's score if permitted; otherwise raises that of the children it starts from
 * now on.
 */
export function outliveChildren(): void {
  takeOomScores((given) => {
    const bytes = memoryBytes();
    if (bytes === undefined) return [];
    const { lowered, raised } = scoresFor(given, bytes);
    return [lowered, raised];
  });
}
