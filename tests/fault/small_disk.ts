/** A file system so small that a test can fill it. */
import { refusalOf } from "./refusal.ts";

function runChecked(program: string, args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "null",
  }).outputSync();
  if (!success) {
    throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}

/** Why a tmpfs can't be mounted here, or undefined. */
export function mountRefusal(): string | undefined {
  return refusalOf("unshare", ["--mount", "mount", "-t", "tmpfs", "none", "/tmp"]);
}

export class SmallDisk implements Disposable {
  readonly #path: string;

  /** Mounts a tmpfs on the directory. @param options as mount -o takes them, e.g. `size=64k` */
  constructor(path: string, options: string) {
    this.#path = path;
    runChecked("mount", ["-t", "tmpfs", "-o", `mode=0755,${options}`, "none", path]);
  }

  /** Writes a file until nothing has room any more. */
  fill(): void {
    using file = Deno.openSync(`${this.#path}/filler`, { write: true, create: true });
    for (let sizeBytes = 65536; sizeBytes >= 1;) {
      try {
        file.writeSync(new Uint8Array(sizeBytes));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        sizeBytes >>= 1;
      }
    }
  }

  /** Makes files until no more can be made. */
  fillInodes(): void {
    Deno.mkdirSync(`${this.#path}/fillers`);
    for (let index = 0;; index++) {
      try {
        Deno.openSync(`${this.#path}/fillers/${index}`, { write: true, create: true }).close();
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
        return;
      }
    }
  }

  /** Takes away what was written to fill it. */
  clear(): void {
    for (const name of ["filler", "fillers"]) {
      try {
        Deno.removeSync(`${this.#path}/${name}`, { recursive: true });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
  }

  remount(options: string): void {
    runChecked("mount", ["-o", `remount,${options}`, this.#path]);
  }

  [Symbol.dispose](): void {
    runChecked("umount", ["--lazy", this.#path]);
  }
}
