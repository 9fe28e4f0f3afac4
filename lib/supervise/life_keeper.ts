/**
 * What all supervisors of one process write down of the processes that they start, so that a later
 * supervisor finds them: lib/supervise/core/spawn_intent.ts says what, and why.
 *
 * A spawn costs one pwrite to a file that stays open. Without /proc, or if the file can't be made,
 * nothing is written down, and a later supervisor starts the services anew, as C's does.
 */
import type { ProcessWorld } from "../servicedir/core/life_record.ts";
import { processWorld } from "../procfs/process_world.ts";
import { SyscallError } from "../libc/bind.ts";
import { bootUs } from "../libc/clock.ts";
import { pread, pwrite } from "../libc/fd.ts";
import { O_CREAT, O_RDWR } from "../core/linux/open_flags.ts";
import { checkedFile, tryOpenFile } from "../libc/wary_open.ts";
import { fstat } from "../libc/stat.ts";
import { close } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { EPERM } from "../core/linux/errno.ts";
import {
  INTENT_SIZE,
  isOfWorld,
  packIntent,
  type Program,
  type SpawnIntent,
  unpackIntent,
} from "./core/spawn_intent.ts";

export class LifeKeeper {
  readonly world: ProcessWorld | undefined;
  /** What an earlier process was about to start, in this world. */
  readonly previous: SpawnIntent | undefined;
  readonly #warn: (text: string) => void;
  readonly #path: string;
  #fd = -1;

  /** @param path Of the file, relative to the current directory */
  constructor(path: string, warn: (text: string) => void) {
    this.#path = path;
    this.#warn = warn;
    this.world = processWorld();
    if (this.world !== undefined) this.previous = this.#open(this.world);
  }

  #open(world: ProcessWorld): SpawnIntent | undefined {
    try {
      const fd = checkedFile(
        `open ${this.#path}`,
        tryOpenFile(this.#path, O_RDWR | O_CREAT, { mode: 0o600, shared: () => false }),
      );
      this.#fd = fd;
      // whoever could write it could make us adopt any process
      if (fstat(fd).uid !== geteuid()) throw new SyscallError(`use ${this.#path}`, EPERM);
      const bytes = new Uint8Array(INTENT_SIZE);
      const intent = pread(fd, bytes, 0) === INTENT_SIZE ? unpackIntent(bytes) : undefined;
      return intent !== undefined && isOfWorld(intent, world) ? intent : undefined;
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#giveUp(error.message);
      return undefined;
    }
  }

  #giveUp(text: string): void {
    this.close();
    this.#warn(
      `${text} (a service that is just being started when we are killed may be started twice)`,
    );
  }

  /** Writes down what is about to be started. Returns the time, in microseconds since the boot. */
  aboutToStart(devino: string, program: Program): number {
    const atUs = bootUs();
    if (this.#fd < 0 || this.world === undefined) return atUs;
    const { bootId, pidNamespace } = this.world;
    const bytes = packIntent({ program, devino, atUs, bootId, pidNamespace });
    const result = pwrite(this.#fd, bytes, 0);
    if (result < 0) this.#giveUp(new SyscallError(`write ${this.#path}`, -result).message);
    return atUs;
  }

  close(): void {
    if (this.#fd >= 0) close(this.#fd);
    this.#fd = -1;
  }
}
