/**
 * `.s6-svscan/reexec`: how the last request to re-execute has ended, as one line of JSON, for the
 * client that waits for it. The current directory is the scan directory.
 */
import { unixMs } from "../libc/clock.ts";
import { readSmallFile, writeFileAtomically } from "../libc/small_file.ts";
import { SVSCAN_CTLDIR } from "./core/svscan_names.ts";

export const REEXEC_FILENAME = "reexec";
const PATH = `${SVSCAN_CTLDIR}/${REEXEC_FILENAME}`;
const MAX_RECORD = 4096;

export type ReexecRecord =
  /** Nothing has happened, or the new program could not go on: why, in words. */
  | { readonly refused: string }
  /** Versions, and how long nobody was there. */
  | { readonly from: string; readonly to: string; readonly pauseMs: number };

/** When it was written, in milliseconds of Unix time; no two are the same. */
interface Written {
  readonly at: number;
}

/** @throws {SyscallError} If it can't be written. */
export function recordReexec(record: ReexecRecord): void {
  const line = JSON.stringify({ at: unixMs(), ...record });
  writeFileAtomically(PATH, new TextEncoder().encode(`${line}\n`), 0o600);
}

/** @returns undefined if there is none, or it is not whole. @throws {SyscallError} If it can't be read. */
export function readReexec(scandir: string): (ReexecRecord & Written) | undefined {
  const bytes = readSmallFile(`${scandir}/${PATH}`, MAX_RECORD);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as ReexecRecord & Written;
  } catch {
    return undefined;
  }
}
