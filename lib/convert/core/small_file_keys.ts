/**
 * The small files of a service directory as keys of services.yaml. What has no key is told. Source:
 * docs/servicedir.md, docs/services-yaml.md. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import type { Notes } from "../../importer/core/import_notes.ts";
import type { Origin } from "../../importer/core/service_plan.ts";
import { type DraftMap, type DraftValue, durationText, literal, withoutGaps } from "./draft.ts";

/** The profile of services that nobody asked to start. */
export const MANUAL = "manual";
/** As good as never: a file holds 31 bits of milliseconds. */
const NEVER = "24d";
const RESTARTS: Readonly<Record<string, string>> = {
  always: "always",
  "on-failure": "on-failure",
  never: "no",
};

export interface SmallKeys {
  readonly values: DraftMap;
  /** Keys of `x-hexad`. */
  readonly hexad: DraftMap;
}

/** Files that say what is said otherwise, or that hold without a word. */
const IMPLIED: ReadonlySet<string> = new Set(["down", "restart-policy", "timeout-kill"]);
const HEXAD_KEYS: Readonly<
  Record<string, readonly [key: string, value: (text: string) => DraftValue]>
> = {
  "max-restarts": ["max_restarts", (text) => text],
  "restart-delay": ["restart_delay", duration],
  "restart-delay-max": ["restart_delay_max", duration],
  "timeout-drain": ["drain", duration],
  "reload-signal": ["reload_signal", (text) => text],
  "exit-codes-ok": ["exit_codes_ok", (text) => text.split(/\s+/)],
  "flag-timeout-killpg": ["kill_group", () => true],
  "flag-kill-leftovers": ["leftovers", () => "kill"],
  "flag-essential": ["essential", () => true],
  "flag-end-all": ["essential", () => true],
  "notification-fd": ["notification_fd", Number],
  "ready-tcp": ["ready_tcp", literal],
  "ready-http": ["ready_http", literal],
  "ready-log": ["ready_log", literal],
  "max-start-failures": ["max_start_failures", Number],
  condition: ["condition", (text) => text.split("\n").map(literal)],
};
const OWN_KEYS: Readonly<
  Record<string, readonly [key: string, value: (text: string) => DraftValue]>
> = {
  "down-signal": ["stop_signal", signalName],
  "oom-score-adj": ["oom_score_adj", Number],
};

function duration(text: string): string {
  return durationText(Number(text));
}

function signalName(text: string): string {
  return /^[A-Z]/.test(text) && !text.startsWith("SIG") ? `SIG${text}` : text;
}

/** @param files Their content without the last newline, by name */
export function smallFileKeys(
  files: Readonly<Record<string, string>>,
  origin: Origin,
  notes: Notes,
): SmallKeys {
  const values: Record<string, DraftValue | undefined> = {};
  const hexad: Record<string, DraftValue | undefined> = {};
  for (const [name, text] of Object.entries(files)) {
    if (IMPLIED.has(name)) continue;
    const own = OWN_KEYS[name];
    const ours = HEXAD_KEYS[name];
    if (own !== undefined) values[own[0]] = own[1](text);
    else if (ours !== undefined) hexad[ours[0]] = ours[1](text);
    else {
      notes.add(
        origin,
        `${name}: services.yaml has no word for this file`,
        "lost",
        "services.yaml has no word for this file",
      );
    }
  }
  values["restart"] = RESTARTS[files["restart-policy"] ?? "always"] ?? "always";
  values["stop_grace_period"] = graceOf(files["timeout-kill"], origin, notes);
  if (files["down"] !== undefined) {
    values["profiles"] = [MANUAL];
    const reason = `it does not start by itself: it has the profile ${MANUAL}`;
    notes.add(origin, reason, "changed");
  }
  return { values: withoutGaps(values), hexad: withoutGaps(hexad) };
}

function graceOf(text: string | undefined, origin: Origin, notes: Notes): string {
  const milliseconds = parseUint(text ?? "") ?? 0;
  if (milliseconds > 0) return durationText(milliseconds);
  notes.add(
    origin,
    `there was no SIGKILL after a time; in services.yaml there always is, so it is ${NEVER}`,
    "changed",
  );
  return NEVER;
}
