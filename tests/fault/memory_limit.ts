/**
 * A control group with little memory: when that is used up, the kernel kills the largest process in
 * it.
 */

const ROOT_V1 = "/sys/fs/cgroup/memory";
const ROOT_V2 = "/sys/fs/cgroup";

interface Kind {
  readonly root: string;
  readonly limitFile: string;
  /** Where the kernel counts its kills. */
  readonly countFile: string;
}

function kindHere(): Kind {
  const v1 = Deno.readTextFileSync("/proc/mounts").includes(` ${ROOT_V1} cgroup `);
  return v1
    ? { root: ROOT_V1, limitFile: "memory.limit_in_bytes", countFile: "memory.oom_control" }
    : { root: ROOT_V2, limitFile: "memory.max", countFile: "memory.events" };
}

function makeGroup(limitBytes: number): string {
  const { root, limitFile } = kindHere();
  const path = `${root}/hexad-fault-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  Deno.mkdirSync(path);
  try {
    Deno.statSync(`${path}/${limitFile}`);
    Deno.writeTextFileSync(`${path}/${limitFile}`, String(limitBytes));
  } catch (error) {
    Deno.removeSync(path);
    throw error;
  }
  return path;
}

/** Why such a group can't be made here, or undefined. */
export function memoryLimitRefusal(): string | undefined {
  try {
    Deno.removeSync(makeGroup(2 ** 30));
    return undefined;
  } catch (error) {
    const reason = error instanceof Error
      ? error.message.replace(/ \(os error \d+\).*/, "")
      : String(error);
    return `no control group that limits memory can be made here: ${reason}`;
  }
}

export class MemoryLimit implements Disposable {
  readonly #path: string;

  constructor(limitBytes: number) {
    this.#path = makeGroup(limitBytes);
  }

  /** Words before a program: it starts in the group. */
  get under(): readonly string[] {
    return ["sh", "-c", `echo $$ >${this.#path}/cgroup.procs && exec "$@"`, "sh"];
  }

  /** How many processes in it the kernel has killed. */
  get kills(): number {
    return Number(
      /^oom_kill (\d+)$/m.exec(Deno.readTextFileSync(`${this.#path}/${kindHere().countFile}`))?.[1],
    );
  }

  /** Everything in it must have ended. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#path);
  }
}
