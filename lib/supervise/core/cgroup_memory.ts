/**
 * What the kernel reports about the memory of our cgroup: how many of its processes it has killed
 * for lack of memory, and the limit. Source: cgroups(7); the kernel's admin-guide, cgroup-v2
 * (memory.events, memory.max) and cgroup-v1/memory (memory.oom_control, memory.limit_in_bytes).
 * Pure.
 */

const ROOT = "/sys/fs/cgroup";
/** Cgroups are not nested more deeply than this. */
const MAX_LEVELS = 32;
/** Version 1 has no word for "no limit": it shows a number larger than any machine's memory. */
const NO_LIMIT = 2 ** 60;

/**
 * The files that may hold the count, the likeliest first, from the text of `/proc/self/cgroup`. A
 * container sees its own cgroup at the root of the mounted hierarchy, or, without a cgroup
 * namespace, under the path that the machine uses for it.
 */
export function oomCountFiles(procSelfCgroup: string): string[] {
  return memoryCgroups(procSelfCgroup).flatMap(({ mount, below, version }) =>
    places(mount, below, version === 1 ? "memory.oom_control" : "memory.events")
  );
}

/** The files that may hold what is used, in bytes, the likeliest first. */
export function memoryUsageFiles(procSelfCgroup: string): string[] {
  return memoryCgroups(procSelfCgroup).flatMap(({ mount, below, version }) =>
    places(mount, below, version === 1 ? "memory.usage_in_bytes" : "memory.current")
  );
}

interface MemoryCgroup {
  readonly mount: string;
  /** The path below it; "" for the root. */
  readonly below: string;
  readonly version: 1 | 2;
}

function memoryCgroups(procSelfCgroup: string): MemoryCgroup[] {
  const found: MemoryCgroup[] = [];
  for (const line of procSelfCgroup.split("\n")) {
    const [id, controllers, ...rest] = line.split(":");
    const path = rest.join(":");
    if (controllers === undefined || !path.startsWith("/") || path.split("/").includes("..")) {
      continue;
    }
    const below = path === "/" ? "" : path;
    if (controllers.split(",").includes("memory")) {
      found.push({ mount: `${ROOT}/memory`, below, version: 1 });
    } else if (id === "0" && controllers === "") found.push({ mount: ROOT, below, version: 2 });
  }
  return found;
}

/** The files that may hold a limit for us: those of our cgroup and of all visible ones above it. */
export function memoryLimitFiles(procSelfCgroup: string): string[] {
  return memoryCgroups(procSelfCgroup).flatMap(({ mount, below, version }) => {
    const names = below.split("/").slice(1, MAX_LEVELS);
    const paths = ["", ...names.map((_, i) => `/${names.slice(0, i + 1).join("/")}`)];
    return paths.map((path) =>
      `${mount}${path}/${version === 1 ? "memory.limit_in_bytes" : "memory.max"}`
    );
  });
}

/** The limit in such a file, in bytes; `undefined` if there is none. */
export function parseMemoryLimit(text: string): number | undefined {
  const limit = Number(/^(\d+)\s*$/.exec(text)?.[1] ?? NO_LIMIT);
  return limit >= NO_LIMIT ? undefined : limit;
}

function places(mount: string, below: string, file: string): string[] {
  return below === "" ? [`${mount}/${file}`] : [`${mount}${below}/${file}`, `${mount}/${file}`];
}

/** The count in such a file; `undefined` if it has none (Linux before 4.13). */
export function parseOomKills(text: string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
