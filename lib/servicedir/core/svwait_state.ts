/**
 * What s6-svwait, s6-svlisten and `s6-svc -w` wait for: what one status and one event mean for a
 * wanted state, and when the waiting is over.
 *
 * Each service is followed on its own. A service has failed when it can't reach the wanted state
 * any more: a permanent failure (`O`) while it is wanted up, or the end of its supervisor (`x`)
 * before the state was reached. That is final: the `D` which follows every `O` does not undo it, as
 * it does in C, so several permanent failures are counted right. Source: s6,
 * supervision/s6_svlisten_loop.c, doc/s6-svwait.html. Pure.
 */

import type { Svstatus } from "./svstatus.ts";

/**
 * The state waited for: up, up and ready, down, down with finish done, restarted, restarted and
 * ready.
 */
export type Wanted = "u" | "U" | "d" | "D" | "r" | "R";

/** What is known about one service. */
export interface Watch {
  readonly up: boolean;
  /** Up: has told that it is ready. Down: nothing of it runs, not even finish. */
  readonly ready: boolean;
  /** It has been seen down since the waiting began. */
  readonly beenDown: boolean;
  /** It can't reach the wanted state any more. */
  readonly failed: boolean;
}

/** Whether the waiting is over. */
export type WaitState = { readonly kind: "waiting" } | { readonly kind: "reached" } | {
  readonly kind: "failed";
  readonly services: number;
};

/** What the status file says at the moment of subscription. */
export function watchStatus(status: Pick<Svstatus, "pid" | "flagfinishing" | "flagready">): Watch {
  const up = status.pid !== 0 && !status.flagfinishing;
  return { up, ready: status.flagready || status.pid === 0, beenDown: !up, failed: false };
}

/**
 * What is known after one more event, a byte of the fifodir protocol. Bytes that say nothing here
 * change nothing.
 */
export function watchEvent(watch: Watch, event: string, wanted: Wanted): Watch {
  if (watch.failed) return watch;
  switch (event) {
    case "u":
      return { ...watch, up: true, ready: false };
    case "U":
      return { ...watch, up: true, ready: true };
    case "d":
      return { ...watch, up: false, ready: false, beenDown: true };
    case "D":
    case "s": // a supervisor that has just started runs nothing yet
      return { ...watch, up: false, ready: true, beenDown: true };
    case "O":
      return { ...watch, failed: wanted !== "d" && wanted !== "D" };
    case "x":
      return { ...watch, failed: !isReached(watch, wanted) };
    default:
      return watch;
  }
}

/** Is the service in the wanted state now? */
export function isReached(watch: Watch, wanted: Wanted): boolean {
  switch (wanted) {
    case "u":
      return watch.up;
    case "U":
      return watch.up && watch.ready;
    case "d":
      return !watch.up;
    case "D":
      return !watch.up && watch.ready;
    case "r":
      return watch.up && watch.beenDown;
    case "R":
      return watch.up && watch.ready && watch.beenDown;
  }
}

/**
 * Whether the waiting is over. Without `any` every service must have reached the state or failed.
 * With `any` one that has reached it is enough, and failures count only when none is left that
 * could; for a restart the others must at least have been down.
 */
export function waitState(watches: readonly Watch[], wanted: Wanted, any: boolean): WaitState {
  const left = watches.filter((watch) => !watch.failed);
  const failed = watches.length - left.length;
  if (any && left.length > 0) {
    const restart = wanted === "r" || wanted === "R";
    const over = left.some((watch) => isReached(watch, wanted)) &&
      (!restart || left.every((watch) => watch.beenDown));
    return over ? { kind: "reached" } : { kind: "waiting" };
  }
  if (!left.every((watch) => isReached(watch, wanted))) return { kind: "waiting" };
  return failed === 0 ? { kind: "reached" } : { kind: "failed", services: failed };
}
