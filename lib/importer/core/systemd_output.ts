/** Where the output of a unit goes. Source: systemd.exec(5), "Logging and Standard Input/Output". Pure. */
import type { PlannedLog, PlannedRedirection } from "./service_plan.ts";
import type { UnitContext } from "./unit_context.ts";

interface UnitOutput {
  readonly redirections: readonly PlannedRedirection[];
  readonly log?: PlannedLog;
}

/** @param log The logger for output that would go to the journal */
export function outputOf(context: UnitContext, log: PlannedLog): UnitOutput {
  const redirections: PlannedRedirection[] = [];
  const place = (key: "StandardOutput" | "StandardError"): string => {
    const entry = context.service.take(key);
    const value = entry === undefined || entry.value === "" ? "" : context.expand(entry);
    const file = /^(file|append|truncate):(\/.*)$/.exec(value);
    if (file !== null) {
      if (file[1] !== "append") context.notes.entry(entry!, "it is appended to");
      return file[2]!;
    }
    if (/^(?:journal|syslog|kmsg)\+console$|^tty$|^socket$|^fd:/.test(value)) {
      context.notes.entry(entry!, "it goes to the logger");
    }
    return value;
  };
  const out = place("StandardOutput");
  const err = place("StandardError");
  const isLogged = !out.startsWith("/") && out !== "null" && out !== "inherit";
  if (out.startsWith("/")) redirections.push({ fd: 1, to: out });
  else if (out === "null") redirections.push({ fd: 1, to: "/dev/null" });
  if (err.startsWith("/")) redirections.push({ fd: 2, to: err });
  else if (err === "null") redirections.push({ fd: 2, to: "/dev/null" });
  else if (out !== "inherit" || err === "") redirections.push({ fd: 2, to: "&1" });
  return isLogged ? { redirections, log } : { redirections };
}
