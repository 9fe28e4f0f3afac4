/**
 * What sv and daemontools' clients find out about a service directory and tell its supervisor: the
 * files are s6's, the answers are the old ones.
 */
import { ENOENT, ENXIO } from "../core/linux/errno.ts";
import { isSupervised, readStatus, sendCommands } from "../servicedir/client.ts";
import { SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { SyscallError } from "../libc/bind.ts";
import { access, F_OK, X_OK } from "../libc/file.ts";
import { type OldStatus, oldStatus } from "./core/old_status.ts";

/**
 * What opening `supervise/ok` would say: 0, or the errno; ENXIO: nobody supervises the service, though
 * somebody has.
 */
export function supervisionErrno(directory: string): number {
  try {
    if (isSupervised(directory)) return 0;
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    return error.errno;
  }
  const found = access(`${directory}/${SUPERVISE_DIRECTORY}`, F_OK);
  return found < 0 ? -found : ENXIO;
}

/** The status, or the errno of reading it; "bad format" if there is too little of it. */
export function statusOf(directory: string): OldStatus | number | "bad format" {
  try {
    return oldStatus(readStatus(directory));
  } catch (error) {
    if (error instanceof RangeError) return "bad format";
    if (error instanceof SyscallError) return error.errno;
    throw error;
  }
}

/** Sends s6's letters. 0, or the errno of opening the control FIFO. */
export function send(directory: string, letters: string): number {
  try {
    const answer = sendCommands(directory, SUPERVISE_DIRECTORY, letters);
    if (answer.kind === "ok") return 0;
    return answer.kind === "not listening" ? supervisionErrno(directory) || ENXIO : ENOENT;
  } catch (error) {
    if (error instanceof SyscallError) return error.errno;
    throw error;
  }
}

/** Whether the service is up unless told otherwise; the errno if that can't be found out. */
export function normallyUp(directory: string): boolean | number {
  const found = access(`${directory}/down`, F_OK);
  return found === 0 ? false : found === -ENOENT ? true : -found;
}

/** 0, or the errno of entering the directory. */
export function enterErrno(directory: string): number {
  return -access(directory === "" ? "" : `${directory}/.`, X_OK);
}
