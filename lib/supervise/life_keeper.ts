/**
 * What all supervisors of one process write down of the processes that they start, so that a later
 * supervisor finds them: lib/supervise/core/spawn_intent.ts says what, and why.
 *
 * A spawn costs one pwrite to a file that is open anyway. Without /proc nothing is written down,
 * and a later supervisor starts the services anew, as C's does.
 */
import type { ProcessWorld } from "../servicedir/core/life_record.ts";
import { processWorld } from "../procfs/process_world.ts";
import { SyscallError } from "../libc/bind.ts";
import { bootUs } from "../libc/clock.ts";
import { pread, pwrite } from "../libc/fd.ts";
import {
  INTENT_OFFSET,
  INTENT_SIZE,
  isOfWorld,
  packIntent,
  type Program,
  type SpawnIntent,
  unpackIntent,
} from "./core/spawn_intent.ts";
import { isOwnRecord } from "../servicedir/own_record.ts";

export class LifeKeeper {
  readonly world: ProcessWorld | undefined;
  /** What an earlier process was about to start, in this world. */
  readonly previous: SpawnIntent | undefined;
  readonly #warn: (text: string) => void;
  /** Negative: nothing is written down. */
  readonly #lockFd: number;
  #failed = false;

  /** @param lockFd Of the scan directory, or of the only service */
  constructor(lockFd: number, warn: (text: string) => void) {
    this.#warn = warn;
    this.world = processWorld();
    this.#lockFd = this.world !== undefined && isOwnRecord(lockFd) ? lockFd : -1;
    if (this.world !== undefined && this.#lockFd >= 0) this.previous = this.#read(this.world);
  }

  #read(world: ProcessWorld): SpawnIntent | undefined {
    const bytes = new Uint8Array(INTENT_SIZE);
    const length = pread(this.#lockFd, bytes, INTENT_OFFSET);
    const intent = length === INTENT_SIZE ? unpackIntent(bytes) : undefined;
    return intent !== undefined && isOfWorld(intent, world) ? intent : undefined;
  }

  /** Writes down what is about to be started. Returns the time, in microseconds since the boot. */
  aboutToStart(devino: string, program: Program): number {
    const atUs = bootUs();
    if (this.#lockFd < 0 || this.world === undefined) return atUs;
    const { bootId, pidNamespace } = this.world;
    const bytes = packIntent({ program, devino, atUs, bootId, pidNamespace });
    const result = pwrite(this.#lockFd, bytes, INTENT_OFFSET);
    const told = this.#failed;
    this.#failed = result < 0;
    if (result < 0 && !told) {
      const { message } = new SyscallError("write the lock file", -result);
      this.#warn(
        `${message} (a service that is just being started when we are killed may be started twice)`,
      );
    }
    return atUs;
  }
}
