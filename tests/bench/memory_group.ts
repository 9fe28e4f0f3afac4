/**
 * A control group that counts the memory of what runs in it, as that of a container does: also the
 * kernel's, and pages of files that were first read there.
 */

const ROOT_V1 = "/sys/fs/cgroup/memory";
const ROOT_V2 = "/sys/fs/cgroup";

interface Kind {
  readonly root: string;
  readonly now: string;
  readonly peak: string;
}

function kindHere(): Kind {
  const v1 = Deno.readTextFileSync("/proc/mounts").includes(` ${ROOT_V1} cgroup `);
  return v1
    ? { root: ROOT_V1, now: "memory.usage_in_bytes", peak: "memory.max_usage_in_bytes" }
    : { root: ROOT_V2, now: "memory.current", peak: "memory.peak" };
}

export class MemoryGroup implements Disposable {
  readonly #kind = kindHere();
  readonly #path = `${this.#kind.root}/hexad-bench-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;

  constructor() {
    Deno.mkdirSync(this.#path);
  }

  /** Words before a program: it starts in the group. */
  get under(): readonly string[] {
    return ["sh", "-c", `echo $$ >${this.#path}/cgroup.procs && exec "$@"`, "sh"];
  }

  get nowBytes(): number {
    return this.#read(this.#kind.now);
  }

  get peakBytes(): number {
    return this.#read(this.#kind.peak);
  }

  #read(file: string): number {
    return Number(Deno.readTextFileSync(`${this.#path}/${file}`));
  }

  /** Everything in it must have ended. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#path);
  }
}
