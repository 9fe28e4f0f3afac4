/** Writes down which log hosts live, and reads which a former s6-svscan has left. */
import type { ProcessWorld } from "../servicedir/core/life_record.ts";
import { isOwnRecord } from "../servicedir/own_record.ts";
import { bootUs } from "../libc/clock.ts";
import { pread, pwrite } from "../libc/fd.ts";
import {
  type HostLife,
  HOSTS_OFFSET,
  HOSTS_SIZE,
  packHosts,
  unpackHosts,
} from "./core/host_record.ts";

export class HostRecord {
  /**
   * Those of which the lock file told when this process began: they may live or not. They stay in
   * it until somebody says that they have ended.
   */
  readonly former: readonly HostLife[] = [];
  readonly #lockFd: number;
  /** Undefined: nothing can be told of processes, or the file is not ours alone. */
  readonly #world: ProcessWorld | undefined;
  readonly #hosts = new Map<number, HostLife>();

  /** @param lockFd Of the scan directory, open for reading and writing */
  constructor(lockFd: number, world: ProcessWorld | undefined) {
    this.#lockFd = lockFd;
    if (world === undefined || !isOwnRecord(lockFd)) return;
    this.#world = world;
    const bytes = new Uint8Array(HOSTS_SIZE);
    const length = Math.max(0, pread(lockFd, bytes, HOSTS_OFFSET));
    this.former = unpackHosts(bytes.subarray(0, length), world);
    for (const host of this.former) this.#hosts.set(host.pid, host);
  }

  /** One has been started. @param fromUs The time since the boot before that, in microseconds */
  began(pid: number, fromUs: number): void {
    this.#hosts.set(pid, { pid, fromUs, toUs: bootUs() });
    this.#write();
  }

  ended(pid: number): void {
    if (this.#hosts.delete(pid)) this.#write();
  }

  /** What can't be written is not found again, and that is all. */
  #write(): void {
    if (this.#world === undefined) return;
    pwrite(this.#lockFd, packHosts(this.#world, [...this.#hosts.values()]), HOSTS_OFFSET);
  }
}
