/**
 * RuntimeDirectory= and similar keys: directories that are made before each start, belong to the
 * user and its group, and are named in the environment. Source: systemd.exec(5), "Sandboxing".
 * Pure.
 */
import type { PlannedUser } from "./planned_user.ts";
import type { PlannedStep } from "./service_plan.ts";
import { chownOf } from "./systemd_account.ts";
import type { UnitContext } from "./unit_context.ts";

const KINDS = [
  ["RuntimeDirectory", "/run", "RUNTIME_DIRECTORY"],
  ["StateDirectory", "/var/lib", "STATE_DIRECTORY"],
  ["CacheDirectory", "/var/cache", "CACHE_DIRECTORY"],
  ["LogsDirectory", "/var/log", "LOGS_DIRECTORY"],
  ["ConfigurationDirectory", "/etc", "CONFIGURATION_DIRECTORY"],
] as const;

interface UnitDirectories {
  readonly steps: readonly PlannedStep[];
  readonly variables: readonly (readonly [string, string])[];
}

export function directoriesOf(
  context: UnitContext,
  account: PlannedUser | undefined,
): UnitDirectories {
  const steps: PlannedStep[] = [];
  const variables: (readonly [string, string])[] = [];
  for (const [key, base, variable] of KINDS) {
    const entries = context.service.takeAll(key);
    let names: string[] = [];
    for (const entry of entries) {
      names = entry.value === "" ? [] : [...names, ...context.words(entry)];
    }
    if (names.length === 0) continue;
    const paths = names.map((name) => `${base}/${name.split(":")[0]}`);
    const mode = context.value(`${key}Mode`) ?? "0755";
    steps.push(step("install", "-d", "-m", mode, ...paths));
    if (account !== undefined && key !== "ConfigurationDirectory") {
      steps.push(step("chown", chownOf(account), ...paths));
    }
    variables.push([variable, paths.join(":")]);
    if (
      key === "RuntimeDirectory" && context.service.take("RuntimeDirectoryPreserve") === undefined
    ) {
      context.notes.entry(entries.at(-1)!, "it is not removed when the service ends");
    }
  }
  return { steps, variables };
}

function step(...words: readonly string[]): PlannedStep {
  return { command: { kind: "words", words }, lenient: false, asSupervisor: true };
}
