/** The machine of a supervisor that adopts what an earlier one has left running. Pure. */
import type { Svstatus } from "../../servicedir/core/svstatus.ts";
import { type Machine, type Moment, newMachine } from "./machine.ts";
import type { Ongoing } from "./ongoing.ts";
import { RESTART_INTERVAL_MS } from "./restart_policy.ts";
import type { Program } from "./spawn_intent.ts";
import type { Remains, Takeover } from "./takeover.ts";

export interface AdoptionFacts {
  readonly now: Moment;
  /** Now, in microseconds since the boot. */
  readonly bootUs: number;
  /** What was started last: counts only for a process that is not recorded. */
  readonly program: Program;
}

/** @param takeover "adopt" or "sweep" @param remains undefined: there is no status */
export function adoptedMachine(
  takeover: Exclude<Takeover, { readonly kind: "start" | "doubt" }>,
  remains: Remains | undefined,
  { now, bootUs, program }: AdoptionFacts,
): Machine {
  const fresh = newMachine(now, remains?.status.flagwantup ?? true);
  const begun: Machine = { ...fresh, nextStartMs: now.monotonicMs + RESTART_INTERVAL_MS };
  if (takeover.kind === "adopt" && !takeover.recorded) {
    return unrecorded(begun, takeover.pid, remains, program);
  }
  const { status, life } = remains!;
  if (takeover.kind === "sweep") {
    return { ...begun, state: "SWEEP", status, dying: life?.dying ?? false };
  }
  if (status.flagfinishing) return { ...begun, state: "FINISH", status };
  const livedMs = Math.max(0, bootUs - (life?.started?.fromUs ?? bootUs)) / 1e3;
  const startedMs = now.monotonicMs - livedMs;
  return {
    ...begun,
    state: "UP",
    status,
    dying: life?.dying ?? false,
    slain: life?.slain ?? false,
    startedMs,
    nextStartMs: startedMs + RESTART_INTERVAL_MS,
  };
}

/** The earlier supervisor was killed before it could tell that it had started it. */
function unrecorded(
  begun: Machine,
  pid: number,
  remains: Remains | undefined,
  program: Program,
): Machine {
  const status: Svstatus = { ...begun.status, pid, flagpaused: false };
  if (program === "run") return { ...begun, state: "UP", status: { ...status, flagready: false } };
  const { stamp, wstat } = remains?.status ?? begun.status;
  return {
    ...begun,
    state: "FINISH",
    status: { ...status, stamp, wstat, flagfinishing: true, flagready: false },
  };
}

/** The timeout that was running begins anew. */
export function dueOf({ state, dying }: Machine): Ongoing["due"] {
  if (state === "FINISH") return "timeout-finish";
  if (state === "SWEEP") return "leftovers";
  return dying ? "timeout-kill" : "never";
}
