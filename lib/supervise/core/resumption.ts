/** The first decision of a supervisor that goes on in the middle, or that has to hold back. Pure. */
import { SIGKILL, SIGTERM } from "../../core/linux/signals.ts";
import { ANNOUNCE, ask, decide, type Decision, type Effect, type Machine } from "./machine.ts";
import type { Ongoing } from "./ongoing.ts";

/** Those that the earlier supervisor may not have come to send: whoever waits still waits for them. */
function stateEvents({ state, status }: Machine): string {
  if (state === "FINISH") return "d";
  if (state !== "UP" && state !== "DRAIN") return "";
  return status.flagready ? "uU" : "u";
}

export function resumption({ machine, due, isNewSupervisor }: Ongoing): Decision {
  const effects: Effect[] = [{ kind: "timer", due }, ANNOUNCE];
  if (isNewSupervisor) effects.push({ kind: "notify", events: `s${stateEvents(machine)}` });
  return machine.state === "SWEEP"
    ? ask(machine, { kind: "sweep", signal: machine.dying ? SIGKILL : SIGTERM }, ...effects)
    : decide(machine, ...effects);
}
