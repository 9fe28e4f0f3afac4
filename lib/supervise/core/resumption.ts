/** The first decision of a supervisor that goes on in the middle, or that has to hold back. Pure. */
import { SIGKILL, SIGTERM } from "../../core/linux/signals.ts";
import { ANNOUNCE, ask, decide, type Decision, type Effect } from "./machine.ts";
import type { Ongoing } from "./ongoing.ts";

export function resumption({ machine, due, isNewSupervisor }: Ongoing): Decision {
  const effects: Effect[] = [{ kind: "timer", due }, ANNOUNCE];
  if (isNewSupervisor) effects.push({ kind: "notify", events: "s" });
  return machine.state === "SWEEP"
    ? ask(machine, { kind: "sweep", signal: machine.dying ? SIGKILL : SIGTERM }, ...effects)
    : decide(machine, ...effects);
}
