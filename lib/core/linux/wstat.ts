/**
 * The wait status of a dead process, 16 bits, as Linux packs it. low 7 bits: the signal that killed
 * it, 0 if it exited by itself, 0x7f if it is only stopped - bit 7: it dumped core - bits 8-15:
 * exit code Source: wait(2), <bits/waitstatus.h>. Pure.
 */

/**
 * Stands for an end that nobody could tell us. No dead process has this status: it is neither an
 * exit nor a signal. C's programs read it as exit code 255.
 */
export const UNKNOWN_WSTAT = 0xffff;

const SIGNAL_MASK = 0x7f;
const STOPPED = 0x7f;

/** Whether the process ended by itself. */
export function wifexited(wstat: number): boolean {
  return (wstat & SIGNAL_MASK) === 0;
}

/** The exit code, 0 to 255; it means something only if `wifexited`. */
export function wexitstatus(wstat: number): number {
  return (wstat >> 8) & 0xff;
}

/** Whether a signal killed the process. */
export function wifsignaled(wstat: number): boolean {
  return wtermsig(wstat) !== 0 && wtermsig(wstat) !== STOPPED;
}

/** The signal; it means something only if `wifsignaled`. */
export function wtermsig(wstat: number): number {
  return wstat & SIGNAL_MASK;
}

/** The exit code as a shell tells it: 128 + signal for a death by signal. */
export function exitStatusOf(wstat: number): number {
  return wifsignaled(wstat) ? 128 + wtermsig(wstat) : wexitstatus(wstat);
}
