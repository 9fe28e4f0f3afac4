/**
 * A file system of its own that can be made to hang, and to go on: ext4 in a file, frozen by
 * fsfreeze(8).
 */
import { refusalOf } from "./refusal.ts";

const SIZE_BYTES = 16 << 20;

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

export class FrozenDisk implements Disposable {
  readonly #path: string;
  #isFrozen = false;

  /** Mounts it on the directory `path`, with its content in the file `image`. */
  constructor(path: string, image: string) {
    this.#path = path;
    using file = Deno.openSync(image, { write: true, create: true });
    file.truncateSync(SIZE_BYTES);
    runChecked("mkfs.ext4", ["-q", "-F", image]);
    runChecked("mount", ["-o", "loop", image, path]);
  }

  /** Whatever is written there from now on waits, in the kernel, where no signal is heard. */
  freeze(): void {
    runChecked("fsfreeze", ["--freeze", this.#path]);
    this.#isFrozen = true;
  }

  thaw(): void {
    runChecked("fsfreeze", ["--unfreeze", this.#path]);
    this.#isFrozen = false;
  }

  [Symbol.dispose](): void {
    if (this.#isFrozen) this.thaw();
    runChecked("umount", ["--lazy", this.#path]);
  }
}

/** Why there can be no such disk here, or undefined. */
export function frozenDiskRefusal(): string | undefined {
  const script =
    'truncate -s 16M "$0/image" && mkfs.ext4 -q -F "$0/image" && mkdir "$0/disk" && mount -o loop "$0/image" "$0/disk" && ' +
    'fsfreeze -f "$0/disk" && fsfreeze -u "$0/disk"; code=$?; umount "$0/disk" 2>/dev/null; exit $code';
  const directory = Deno.makeTempDirSync();
  try {
    return refusalOf("sh", ["-c", script, directory]);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}
