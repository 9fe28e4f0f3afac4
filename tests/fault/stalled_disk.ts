/** A file system whose answers come from a process, which can be stopped: fuse-overlayfs. */
import { eventually } from "../fixture/deadline.ts";
import { refusalOf } from "./refusal.ts";

export class StalledDisk implements AsyncDisposable {
  readonly #directory: string;
  readonly #server: Deno.ChildProcess;

  private constructor(directory: string, server: Deno.ChildProcess) {
    this.#directory = directory;
    this.#server = server;
  }

  /** Where it is mounted. */
  get path(): string {
    return `${this.#directory}/disk`;
  }

  /** Mounts an empty one. */
  static async mount(): Promise<StalledDisk> {
    const directory = Deno.makeTempDirSync();
    for (const name of ["lower", "upper", "work", "disk"]) Deno.mkdirSync(`${directory}/${name}`);
    const options = ["lower", "upper", "work"].map((name) => `${name}dir=${directory}/${name}`)
      .join(",");
    const server = new Deno.Command("fuse-overlayfs", {
      args: ["-f", "-o", options, `${directory}/disk`],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    const disk = new StalledDisk(directory, server);
    await eventually(
      "the file system to be mounted",
      () => Deno.readTextFileSync("/proc/self/mountinfo").includes(` ${disk.path} `),
    );
    return disk;
  }

  /** Whoever asks it for anything from now on waits. */
  stall(): void {
    Deno.kill(this.#server.pid, "SIGSTOP");
  }

  goOn(): void {
    Deno.kill(this.#server.pid, "SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.goOn();
    new Deno.Command("umount", { args: ["--lazy", this.path] }).outputSync();
    await this.#server.status;
    Deno.removeSync(this.#directory, { recursive: true });
  }
}

/** Why there can be no such disk here, or undefined. */
export function stalledDiskRefusal(): string | undefined {
  const script =
    'mkdir "$0/l" "$0/u" "$0/w" "$0/m" && fuse-overlayfs -o "lowerdir=$0/l,upperdir=$0/u,workdir=$0/w" "$0/m" && umount "$0/m"';
  const directory = Deno.makeTempDirSync();
  try {
    return refusalOf("sh", ["-c", script, directory]);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
