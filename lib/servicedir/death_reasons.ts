/**
 * Reading `supervise/reason`, which only our supervisor writes. It is an addition to status and
 * tally: where it is missing, can't be read or is not what it should be, nothing is known, and that
 * is no error.
 */
import { REASON_FILENAME } from "./core/supervise_files.ts";
import type { DeathReason } from "./core/death_reasons.ts";
import { MAX_REASON_BYTES, parseReasons } from "./core/death_reasons.ts";
import { SyscallError } from "../libc/bind.ts";
import { readSmallFile } from "../libc/small_file.ts";

/** What is on record about deaths of the service in `dir`, oldest first. */
export function readReasons(dir: string): DeathReason[] {
  try {
    return parseReasons(
      readSmallFile(`${dir}/${REASON_FILENAME}`, MAX_REASON_BYTES) ?? new Uint8Array(0),
    );
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}
