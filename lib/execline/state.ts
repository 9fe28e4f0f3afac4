/**
 * What a chain has come to: the environment and the descriptors of the program that it will end in.
 *
 * Limits are the program's too, and are set right before its exec: the runtime could not live with
 * those of a small program.
 *
 * The rest is the process's own and changes for real, at once, because later links depend on it:
 * directory, umask, ids, session, priority. A guest (a block that runs within this process, where C
 * has a child) has a copy of the state. Directory and umask are put back after it; whatever else it
 * would change needs a process of its own.
 */
import type { ChainEnvironment } from "./core/chain_environment.ts";
import type { ResourceLimits } from "../core/linux/resource_limits.ts";
import { checked } from "../libc/bind.ts";
import { O_DIRECTORY, O_PATH } from "../core/linux/open_flags.ts";
import { chdir, close, fchdir, tryOpen, umask } from "../libc/file.ts";
import { DescriptorTable } from "./descriptor_table.ts";
import { NeedsProcess } from "./link_failure.ts";

export interface GuestOptions {
  readonly mustNotWait: boolean;
  readonly captureFd?: number;
}

export class State implements Disposable {
  env: ChainEnvironment;
  readonly fds: DescriptorTable;
  /**
   * PATH as the running link was given it: where the next program is looked for, whatever the link
   * makes of the environment.
   */
  searchPath: string | undefined;
  /** By the number of the resource. */
  readonly limits: Map<number, ResourceLimits>;
  readonly isGuest: boolean;
  /** A guest that has the place of a process beside this one: nothing here may wait. */
  readonly mustNotWait: boolean;
  /** Our end of the pipe into which a block is to write, and which will be read. */
  readonly captureFd: number | undefined;
  #directoryFd: number | undefined;
  #umask: number | undefined;

  constructor(
    env: ChainEnvironment,
    parent?: State,
    { mustNotWait, captureFd }: GuestOptions = { mustNotWait: false },
  ) {
    this.env = env;
    this.fds = new DescriptorTable(parent?.fds);
    this.searchPath = parent?.searchPath;
    this.limits = new Map(parent?.limits);
    this.isGuest = parent !== undefined;
    this.mustNotWait = mustNotWait;
    this.captureFd = captureFd;
  }

  /** The state of a block that begins here. */
  guest(options: GuestOptions): State {
    return new State(this.env.copy(), this, options);
  }

  /**
   * Our descriptor for the chain's descriptor `number`; -1, which every system call refuses, if
   * that is closed.
   */
  fd(number: number): number {
    return this.fds.real(number) ?? -1;
  }

  /**
   * Enters a directory. 0, or `-errno`.
   *
   * @throws {NeedsProcess} If a guest could not be brought back from there.
   */
  chdir(path: string): number {
    if (this.isGuest && this.#directoryFd === undefined) {
      const fd = tryOpen(".", O_PATH | O_DIRECTORY);
      if (fd < 0) throw new NeedsProcess();
      this.#directoryFd = fd;
    }
    return chdir(path);
  }

  /** Sets the file mode creation mask. Returns the mask that was in force. */
  setUmask(mask: number): number {
    const before = umask(mask);
    if (this.isGuest) this.#umask ??= before;
    return before;
  }

  /**
   * A guest is over. @throws {SyscallError} If this process can't go back to the directory it was in.
   */
  [Symbol.dispose](): void {
    this.fds[Symbol.dispose]();
    if (this.#umask !== undefined) umask(this.#umask);
    if (this.#directoryFd === undefined) return;
    fchdir(this.#directoryFd);
    close(this.#directoryFd);
  }
}

/** Opens `path` for the chain, as open(2) does. Our descriptor, or `-errno`. */
export function openForChain(state: State, path: string, flags: number, mode: number): number {
  return tryOpen(ownPath(state, path), flags, mode);
}

const DESCRIPTOR_PATH = /^\/(?:dev\/fd|proc\/(?:self|thread-self)\/fd)\/([0-9]+)$/;
const STANDARD_PATHS: Readonly<Record<string, number>> = {
  "/dev/stdin": 0,
  "/dev/stdout": 1,
  "/dev/stderr": 2,
};

/** A path that names one of the chain's descriptors, as the path of ours that stands for it. */
export function ownPath(state: State, path: string): string {
  const number = STANDARD_PATHS[path] ?? DESCRIPTOR_PATH.exec(path)?.[1];
  return number === undefined ? path : `/proc/self/fd/${state.fd(Number(number))}`;
}

/** @throws {SyscallError} If `path` can't be opened. */
export function openOrThrow(state: State, path: string, flags: number, mode = 0): number {
  return checked(`open ${path}`, openForChain(state, path, flags, mode));
}
