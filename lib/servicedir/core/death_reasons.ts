/**
 * `supervise/reason`: what a supervisor of ours knows of a service's deaths besides what s6's
 * status and tally can hold. C s6 does not know the file, and a service whose directory has none of
 * our files, and which the kernel has not killed, has none.
 *
 * Text, a line for each death that there is something to say of, oldest first: its stamp and words.
 *
 *     @400000006b023dc3008ca8df oom next=@400000006b023dc53b9aca00
 *
 *     oom          the kernel has killed it for want of memory
 *     next=STAMP   a delay counts: it is started again then
 *     over=WHY     it is not started again: policy, max-restarts, finish
 *
 * The stamp is that of the death in the tally, and of the status as long as the service is down; so
 * a line that belongs to neither is an old one, and nobody has to remove it. Lines of one stamp
 * belong together. Unknown words are ignored. Pure.
 */
import { decodePath, encodePath } from "../../core/text/path_bytes.ts";
import type { Tain } from "../../core/time/tain.ts";
import { compareTain, formatTai64n, parseTai64n } from "../../core/time/tain.ts";

/**
 * Why a service is not started again though nobody has asked for that: by its restart-policy, its
 * max-restarts, its ./finish.
 */
export type Over = "policy" | "max-restarts" | "finish";

/** The most lines that are kept. */
export const MAX_REASONS = 100;
/** More than so many lines can have. */
export const MAX_REASON_BYTES = 16_384;

export interface DeathReason {
  readonly stamp: Tain;
  readonly oom: boolean;
  /** When it is, or was, to be started again after a delay; by the wall clock of that time. */
  readonly next?: Tain;
  readonly over?: Over;
}

const OVERS: readonly string[] = ["policy", "max-restarts", "finish"] satisfies readonly Over[];

function isOver(word: string): word is Over {
  return OVERS.includes(word);
}

/** The words of a line, without its stamp. */
export function reasonWords({ oom, next, over }: DeathReason): string[] {
  return [
    ...(oom ? ["oom"] : []),
    ...(next === undefined ? [] : [`next=${formatTai64n(next)}`]),
    ...(over === undefined ? [] : [`over=${over}`]),
  ];
}

function lineOf(reason: DeathReason): string {
  return [formatTai64n(reason.stamp), ...reasonWords(reason)].join(" ");
}

function parseLine(line: string): DeathReason | undefined {
  const [first = "", ...words] = line.split(" ");
  const stamp = parseTai64n(first);
  if (stamp === undefined) return undefined;
  let reason: DeathReason = { stamp, oom: words.includes("oom") };
  for (const word of words) {
    const [key, value = ""] = word.split("=");
    const next = parseTai64n(value);
    if (key === "next" && next !== undefined) reason = { ...reason, next };
    if (key === "over" && isOver(value)) reason = { ...reason, over: value };
  }
  return reason;
}

/**
 * The bytes of the file with one more line, the newest kept. What was no line of ours is dropped.
 */
export function appendReason(bytes: Uint8Array, reason: DeathReason): Uint8Array<ArrayBuffer> {
  const lines = decodePath(bytes).split("\n").filter((line) => parseLine(line) !== undefined);
  const kept = [...lines, lineOf(reason)].slice(-MAX_REASONS);
  return encodePath(kept.map((line) => `${line}\n`).join("")) as Uint8Array<ArrayBuffer>;
}

/**
 * The reasons in the file, oldest first. Skips lines in any other form; anybody may have written
 * the file.
 */
export function parseReasons(bytes: Uint8Array): DeathReason[] {
  return decodePath(bytes).split("\n").flatMap((line) => parseLine(line) ?? []);
}

/** What is known of the death with this stamp; `undefined`: nothing. */
export function reasonOf(reasons: readonly DeathReason[], stamp: Tain): DeathReason | undefined {
  const lines = reasons.filter((reason) => compareTain(reason.stamp, stamp) === 0);
  if (lines.length === 0) return undefined;
  return lines.reduce((one, other) => ({ ...one, ...other, oom: one.oom || other.oom }));
}
