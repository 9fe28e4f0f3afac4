/**
 * The processes of a container as the host sees them: an image without any program can be looked
 * into this way too.
 */

function parentOf(pid: string): number | undefined {
  try {
    // the fields behind the name, which may hold anything: state, parent
    const fields = Deno.readTextFileSync(`/proc/${pid}/stat`).replace(/^.*\) /s, "").split(" ");
    return Number(fields[1]);
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      (error instanceof Error && "code" in error && error.code === "ESRCH")
    ) return undefined;
    throw error;
  }
}

/** The children of a process, zombies among them. */
export function childrenOf(parent: number): number[] {
  return [...Deno.readDirSync("/proc")].filter(({ name }) =>
    /^\d+$/.test(name) && parentOf(name) === parent
  ).map(({ name }) => Number(name));
}

/**
 * The limit of memory that the kernel enforces on a process through its control group, in bytes;
 * undefined if there is none.
 */
export function memoryLimitOf(pid: number): number | undefined {
  for (const line of Deno.readTextFileSync(`/proc/${pid}/cgroup`).trim().split("\n")) {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line)!;
    const file = controllers!.split(",").includes("memory")
      ? `/sys/fs/cgroup/memory${path}/memory.limit_in_bytes`
      : controllers === ""
      ? `/sys/fs/cgroup${path}/memory.max`
      : undefined;
    const limit = file === undefined ? undefined : readOrUndefined(file);
    if (limit !== undefined && /^\d+$/.test(limit)) return Number(limit);
  }
  return undefined;
}

function readOrUndefined(file: string): string | undefined {
  try {
    return Deno.readTextFileSync(file).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
