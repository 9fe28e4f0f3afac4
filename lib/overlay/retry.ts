/**
 * Runs a program until it succeeds. A try that takes too long gets SIGTERM, and SIGKILL after the
 * same time again, so that two never run at once. Source: s6-overlay 3.2.3, with-retries;
 * s6-portable-utils, s6-maximumtime, which leaves such a try running.
 */
import { strerror } from "../core/linux/errno.ts";
import { SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { kill } from "../libc/process.ts";
import { ChildWatch } from "../processes/child_watch.ts";
import { spawn } from "../libc/spawn.ts";
import { firstOf, TIME_UP } from "../servicedir/first_of.ts";

export interface RetryPlan {
  readonly tries: number;
  /** The limit for one try; 0: no limit. */
  readonly timeoutMs: number;
  warn(text: string): void;
}

/** Returns whether a try exited with 0. */
export async function retry(
  argv: readonly string[],
  { tries, timeoutMs, warn }: RetryPlan,
): Promise<boolean> {
  for (let tried = 0; tried < tries; tried++) {
    const program = argv[0]!;
    const pid = spawn({ path: program, argv, searchPath: true });
    if (pid < 0) warn(`unable to spawn ${program}: ${strerror(-pid)}`);
    else if (await endOf(pid, program, timeoutMs, warn) === 0) return true;
  }
  return false;
}

/** The wait status of the child; TIME_UP if it takes too long. */
async function endOf(
  pid: number,
  program: string,
  timeoutMs: number,
  warn: (text: string) => void,
): Promise<number | typeof TIME_UP> {
  const { death } = new ChildWatch(pid);
  const limitMs = timeoutMs === 0 ? Infinity : timeoutMs;
  const first = await firstOf([death], limitMs);
  if (first !== TIME_UP) return first;
  warn(`${program} took more than ${timeoutMs} ms`);
  kill(pid, SIGTERM);
  if (await firstOf([death], limitMs) === TIME_UP) kill(pid, SIGKILL);
  await death;
  return TIME_UP;
}
