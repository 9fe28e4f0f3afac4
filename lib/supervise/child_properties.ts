/** What a child of a supervisor is given besides its program. */
import { strerror } from "../core/linux/errno.ts";
import { settleOomScore } from "../libc/oom_score.ts";
import type { Stdio } from "./port.ts";

/**
 * The child's descriptors 0 to 2, and ours for them. @param nullFd Replaces its standard input and
 * output; negative: it does not
 */
export function descriptorsOf(
  { stdin, stdout, stderr }: Stdio,
  nullFd: number,
): readonly [target: number, source: number][] {
  const pairs: [number, number | undefined][] = [
    [0, nullFd < 0 ? stdin : nullFd],
    [1, nullFd < 0 ? stdout : nullFd],
    [2, stderr],
  ];
  return pairs.filter((pair): pair is [number, number] => pair[1] !== undefined);
}

export function setOomScore(pid: number, score: number, warn: (text: string) => void): void {
  const result = settleOomScore(pid, score);
  if (result >= 0) return;
  const reason = strerror(-result);
  warn(`unable to set the oom_score_adj of ./run to ${score}: ${reason} (it has the usual one)`);
}
