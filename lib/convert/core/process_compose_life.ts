/**
 * Restarts and the end of a process of process-compose. Source: process-compose,
 * www/docs/launcher.md. Pure.
 */
import { signalName } from "../../core/linux/signals.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import type { LocatedMap } from "../../onefile/core/located.ts";
import { type DraftMap, withoutGaps } from "./draft.ts";
import { mapAt, textAt } from "./located_values.ts";

const RESTARTS: Readonly<Record<string, string>> = {
  always: "always",
  on_failure: "on-failure",
  exit_on_failure: "no",
  no: "no",
};
const A_YEAR_SECONDS = 31_536_000;
const USUAL_SECONDS = "10";
const GROUP =
  "the stop signal goes to the process itself, and to its group only SIGKILL, when its time is over";

/** `availability`: whether a process is started again, and what its end means. */
export function availabilityKeys(
  process: LocatedMap,
  notes: Notes,
): { readonly values: { readonly restart: string }; readonly hexad: DraftMap } {
  const map = mapAt(process, "availability");
  const given = textAt(map, "restart") ?? "no";
  const restart = RESTARTS[given];
  for (const { key, place } of map?.entries ?? []) {
    if (key === "restart" && restart === undefined) {
      notes.add(place, `restart: no policy that is known: ${given}`, "look");
    } else if (key === "restart" && given === "exit_on_failure") {
      notes.add(
        place,
        "exit_on_failure: a failure does not end the others; x-hexad: {essential: true} does, after a success too",
        "look",
      );
    } else if (key === "exit_on_skipped") {
      notes.add(place, "exit_on_skipped: what is needed and fails is told, and the others go on");
    } else if (
      !["restart", "backoff_seconds", "max_restarts", "exit_on_end"].includes(key)
    ) notes.add(place, `availability.${key}: no key of process-compose that is known`, "look");
  }
  const delay = `${textAt(map, "backoff_seconds") ?? "1"}s`;
  const most = Number(textAt(map, "max_restarts") ?? "0");
  const again = restart !== undefined && restart !== "no";
  return {
    values: { restart: restart ?? "no" },
    hexad: withoutGaps({
      restart_delay: again ? delay : undefined,
      restart_delay_max: again ? delay : undefined,
      max_restarts: again && most > 0 ? `${most}/${A_YEAR_SECONDS}` : undefined,
      essential: textAt(map, "exit_on_end") === "true" ? true : undefined,
    }),
  };
}

/** `shutdown`: how it is stopped. */
export function stopKeys(process: LocatedMap, notes: Notes): DraftMap {
  const map = mapAt(process, "shutdown");
  for (const { key, place } of map?.entries ?? []) {
    if (key === "command") {
      notes.add(
        place,
        "shutdown.command: no command runs at the stop; name its signal in stop_signal, or let the program do it when it gets that",
        "look",
      );
    } else if (!["signal", "timeout_seconds", "parent_only"].includes(key)) {
      notes.add(place, `shutdown.${key}: nothing is written to a service's input`);
    }
  }
  if (!["true", "yes"].includes(textAt(map, "parent_only") ?? "")) {
    notes.add(process.place, GROUP, "changed");
  }
  const signal = Number(textAt(map, "signal") ?? "15");
  return withoutGaps({
    stop_signal: signal === 15 ? undefined : signalName(signal),
    stop_grace_period: `${textAt(map, "timeout_seconds") ?? USUAL_SECONDS}s`,
  });
}
