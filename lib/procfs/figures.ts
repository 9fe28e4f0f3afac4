/**
 * What processes use, each figure by itself: one that can't be read of all of them is absent, and
 * not too small. Source: proc(5).
 */
import { CLOCK_TICKS_PER_SECOND, type ProcessStat } from "../core/linux/process_stat.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory } from "../libc/file.ts";
import type { Figures } from "../metrics/core/reading.ts";
import { pssBytes, rssBytes } from "./usage.ts";

/** @param options `pss`: the proportional set size, too, for which the kernel takes long. */
export function figuresOf(
  processes: readonly ProcessStat[],
  options: { readonly pss: boolean },
): Figures {
  const living = processes.filter(({ state }) => state !== "Z");
  const total = (numberOf: (pid: number) => number | undefined): number | undefined =>
    living.reduce<number | undefined>((sum, { pid }) => {
      const number = sum === undefined ? undefined : numberOf(pid);
      return number === undefined ? undefined : sum! + number;
    }, 0);
  const residentBytes = total(rssBytes);
  const proportionalBytes = options.pss ? total(pssBytes) : undefined;
  const openDescriptors = total(descriptors);
  return {
    processes: processes.length,
    cpuSeconds: processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) /
      CLOCK_TICKS_PER_SECOND,
    ...(residentBytes === undefined ? {} : { residentBytes }),
    ...(proportionalBytes === undefined ? {} : { proportionalBytes }),
    ...(openDescriptors === undefined ? {} : { openDescriptors }),
  };
}

/** Undefined if this user may not know, or the process has ended. */
function descriptors(pid: number): number | undefined {
  try {
    return readDirectory(`/proc/${pid}/fd`).length;
  } catch (error) {
    if (error instanceof SyscallError) return undefined;
    throw error;
  }
}
