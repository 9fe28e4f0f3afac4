/** The database of a live directory and the state of its services, read from files. */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { EXIT_INVALID } from "../../lib/rc/core/exit_codes.ts";
import { EBUSY, strerror } from "../../lib/core/linux/errno.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { O_RDONLY } from "../../lib/core/linux/open_flags.ts";
import { lockFd } from "../../lib/libc/lock.ts";
import { tryOpenFile } from "../../lib/libc/wary_open.ts";
import type { RcDatabase } from "../../lib/rc/core/database.ts";
import type { StateBits } from "../../lib/rc/core/state_file.ts";
import { readState } from "../../lib/rc/live_folder.ts";
import { readCompiled } from "../../lib/rc/read_compiled.ts";
import { Failure } from "../context.ts";

/**
 * Checks whether something is being changed: the process that does it holds the lock.
 *
 * @param wait Wait until it is over.
 * @throws {Failure} If it is, or if there is no live directory.
 */
export function takeSharedLock(live: string, wait: boolean): void {
  const fd = tryOpenFile(`${live}/lock`, O_RDONLY, { follow: true });
  const errno = fd < 0 ? -fd : lockErrno(fd, wait);
  if (errno !== 0) throw new Failure(EXIT_SYSTEM, `unable to take locks: ${strerror(errno)}`);
}

function lockErrno(fd: number, wait: boolean): number {
  try {
    return lockFd(fd, { exclusive: false, wait }) ? 0 : EBUSY;
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  }
}

export interface LiveDatabase {
  readonly database: RcDatabase;
  readonly states: readonly StateBits[];
}

/** @throws {Failure} If they can't be read. */
export function readLive(live: string, wait: boolean): LiveDatabase {
  const database = readCompiled(`${live}/compiled`, { wait, locks: "locks" });
  if ("problem" in database) throw new Failure(database.exitCode, database.problem);
  const states = readState(live, database);
  if (states === undefined) {
    throw new Failure(EXIT_INVALID, `unable to read valid state in ${live}/state`);
  }
  return { database, states };
}
