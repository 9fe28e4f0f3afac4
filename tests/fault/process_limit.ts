/**
 * A control group in which no process can be started once it is closed: fork fails with EAGAIN
 * there, also for root.
 */

const ROOT_V1 = "/sys/fs/cgroup/pids";
const ROOT_V2 = "/sys/fs/cgroup";

function makeGroup(): string {
  const name = `hexad-fault-${Deno.pid}-${crypto.randomUUID().slice(0, 8)}`;
  const v1 = Deno.readTextFileSync("/proc/mounts").includes(` ${ROOT_V1} cgroup `);
  const path = `${v1 ? ROOT_V1 : ROOT_V2}/${name}`;
  Deno.mkdirSync(path);
  try {
    Deno.statSync(`${path}/pids.max`);
  } catch (error) {
    Deno.removeSync(path);
    throw error;
  }
  return path;
}

/** Why such a group can't be made here, or undefined. */
export function processLimitRefusal(): string | undefined {
  try {
    Deno.removeSync(makeGroup());
    return undefined;
  } catch (error) {
    const reason = error instanceof Error
      ? error.message.replace(/ \(os error \d+\).*/, "")
      : String(error);
    return `no control group that limits processes can be made here: ${reason}`;
  }
}

export class ProcessLimit implements Disposable {
  readonly #path = makeGroup();

  /** Puts a process into the group; what it starts from now on is in it too. */
  add(pid: number): void {
    Deno.writeTextFileSync(`${this.#path}/cgroup.procs`, String(pid));
  }

  /** Nothing can be started in the group. */
  close(): void {
    Deno.writeTextFileSync(`${this.#path}/pids.max`, "0");
  }

  /** So many processes, threads among them, can be in the group. */
  atMost(count: number): void {
    Deno.writeTextFileSync(`${this.#path}/pids.max`, String(count));
  }

  /** How many processes are in it, whatever threads they have. */
  get processes(): number {
    const pids = Deno.readTextFileSync(`${this.#path}/cgroup.procs`).split("\n");
    return new Set(pids.filter((pid) => pid !== "")).size;
  }

  /** How many are in it, threads among them. */
  get population(): number {
    return Number(Deno.readTextFileSync(`${this.#path}/pids.current`));
  }

  open(): void {
    Deno.writeTextFileSync(`${this.#path}/pids.max`, "max");
  }

  /** All processes of the group must be gone. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.#path);
  }
}
