/** A death in words, for people. Pure. */
import type { Death } from "./dtally.ts";
import { printedSignal } from "./svstat_line.ts";

/** `exit 1`, or `SIGSEGV`. */
export function deathWords({ sig, exitcode }: Pick<Death, "sig" | "exitcode">): string {
  return sig === 0 ? `exit ${exitcode}` : printedSignal(sig);
}
