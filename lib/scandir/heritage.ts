/** What the program before this one in the same process has left: read, or given up. */
import { SyscallError } from "../libc/bind.ts";
import { monotonicOriginMs } from "../libc/clock.ts";
import { isSealed, pread, setCloexec } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { closeInherited } from "../libc/replace_descriptors.ts";
import { fstat } from "../libc/stat.ts";
import {
  countedFrom,
  decodeHandover,
  descriptorsOf,
  type Handover,
  MAX_HANDOVER,
} from "./core/handover.ts";

/**
 * Takes over everything: no child gets any of it.
 *
 * @returns Why it can't be read, in words. What was inherited is closed then.
 * @param others Inherited descriptors that have nothing to do with it
 */
export function takeHeritage(stateFd: number, others: readonly number[]): Handover | string {
  try {
    const handover = countedFrom(monotonicOriginMs(), decodeHandover(readState(stateFd)));
    for (const fd of descriptorsOf(handover)) setCloexec(fd, true);
    close(stateFd);
    return handover;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof SyscallError)) throw error;
    closeInherited(others);
    return error.message;
  }
}

function readState(fd: number): Uint8Array {
  if (!isSealed(fd)) throw new SyntaxError("the state is not sealed");
  const size = Number(fstat(fd).size);
  if (size > MAX_HANDOVER) throw new SyntaxError("the state is too long");
  const bytes = new Uint8Array(size);
  let length = 0;
  while (length < size) {
    const count = pread(fd, bytes.subarray(length), length);
    if (count <= 0) throw new SyntaxError("the state is not whole");
    length += count;
  }
  return bytes;
}
