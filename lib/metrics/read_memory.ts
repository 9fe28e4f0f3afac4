/** The memory of our control group, in a container that of all of it, as the kernel tells it. */
import { decodePath } from "../core/text/path_bytes.ts";
import { readProcFile } from "../procfs/processes.ts";
import {
  memoryLimitFiles,
  memoryUsageFiles,
  oomCountFiles,
  parseMemoryLimit,
  parseOomKills,
} from "../supervise/core/cgroup_memory.ts";
import type { MemoryReading } from "./core/reading.ts";

const MAX_FILE_BYTES = 4096;

export function readMemory(): MemoryReading {
  const cgroup = readText("/proc/self/cgroup") ?? "";
  const currentBytes = first(memoryUsageFiles(cgroup), parseMemoryLimit);
  const oomKills = first(oomCountFiles(cgroup), parseOomKills);
  const limits = memoryLimitFiles(cgroup).map((path) => parseMemoryLimit(readText(path) ?? ""))
    .filter((limit) => limit !== undefined);
  return {
    ...(currentBytes === undefined ? {} : { currentBytes }),
    ...(limits.length === 0 ? {} : { limitBytes: Math.min(...limits) }),
    ...(oomKills === undefined ? {} : { oomKills }),
  };
}

/** What the first of these files tells that tells something. */
function first(
  paths: readonly string[],
  parse: (text: string) => number | undefined,
): number | undefined {
  for (const path of paths) {
    const found = parse(readText(path) ?? "");
    if (found !== undefined) return found;
  }
  return undefined;
}

function readText(path: string): string | undefined {
  const bytes = readProcFile(path, MAX_FILE_BYTES);
  return bytes === undefined ? undefined : decodePath(bytes);
}
