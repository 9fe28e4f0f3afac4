/**
 * Where the kernel counts the processes of our cgroup that it has killed for want of memory, and how often it has.
 * Source: cgroups(7); the kernel's admin-guide, cgroup-v2 (memory.events) and cgroup-v1/memory (memory.oom_control). Pure.
 */

const ROOT = "/sys/fs/cgroup";

/**
 * The files that may hold the count, the likeliest first, for what `/proc/self/cgroup` says. A container sees its own cgroup at the root of
 * what is mounted, or, without a namespace for that, under the path that the host has for it.
 */
export function oomCountFiles(procSelfCgroup: string): string[] {
  const files: string[] = [];
  for (const line of procSelfCgroup.split("\n")) {
    const [id, controllers, ...rest] = line.split(":");
    const path = rest.join(":");
    if (controllers === undefined || !path.startsWith("/") || path.split("/").includes("..")) continue;
    const below = path === "/" ? "" : path;
    if (controllers.split(",").includes("memory")) {
      files.push(...places(`${ROOT}/memory`, below, "memory.oom_control"));
    } else if (id === "0" && controllers === "") {
      files.push(...places(ROOT, below, "memory.events"));
    }
  }
  return files;
}

function places(mount: string, below: string, file: string): string[] {
  return below === "" ? [`${mount}/${file}`] : [`${mount}${below}/${file}`, `${mount}/${file}`];
}

/** The count in such a file; `undefined` if it has none (Linux before 4.13). */
export function parseOomKills(text: string): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(text)?.[1];
  return count === undefined ? undefined : Number(count);
}
