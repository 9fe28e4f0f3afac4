/** A death in words, for people. Pure. */
import { type DeathReason, reasonOf } from "../../servicedir/core/death_reasons.ts";
import type { Death } from "../../servicedir/core/dtally.ts";
import { printedSignal } from "../../servicedir/core/svstat_line.ts";

/** `exit 1`, `SIGSEGV`, or `SIGKILL (out of memory)` if the kernel did it and that is on record. */
export function deathWords(
  { sig, exitcode, stamp }: Death,
  reasons: readonly DeathReason[],
): string {
  const words = sig === 0 ? `exit ${exitcode}` : printedSignal(sig);
  return reasonOf(reasons, stamp)?.oom === true ? `${words} (out of memory)` : words;
}
