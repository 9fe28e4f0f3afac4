/** The programs that run executes before the service's own, in their order. Pure. */
import { ENVDIR_CLAMP } from "../../execline/core/envdir_value.ts";
import { lostVariables, userChain } from "./planned_user.ts";
import type { EnvironmentFormat } from "../../grammars/core/environment_format.ts";
import type {
  PlannedEnvironmentFile,
  PlannedEnvironmentFiles,
  ServicePlan,
} from "./service_plan.ts";

/** @param envdir The name of the directory of variables; undefined: the service has none */
export function chainBefore(plan: ServicePlan, envdir: string | undefined): string[] {
  const chain: string[] = [];
  if (plan.check !== undefined) chain.push("s6-notifyoncheck", "-w", "500", "-n", "0");
  if (plan.notifiesSocket) chain.push("s6-notify-fd-from-socket");
  chain.push(...variableChain(plan, envdir));
  if (plan.limits !== undefined && plan.limits.length > 0) {
    chain.push("s6-softlimit", ...plan.limits);
  }
  if (plan.nice !== undefined && plan.nice !== 0) {
    chain.push(utility("nice", plan), "-n", String(plan.nice));
  }
  chain.push(...ownerChain(plan));
  return chain;
}

/** The programs that set its variables. systemd's files take precedence over Environment=. */
export function variableChain(plan: ServicePlan, envdir: string | undefined): string[] {
  const directory = envdir === undefined ? [] : ["s6-envdir", ...envdirOptions(plan), envdir];
  const files = plan.environmentFiles;
  const expands = plan.command.kind === "unit";
  if (files === undefined) {
    return expands ? [...directory, "hexad", "env", "--expand", "--"] : directory;
  }
  const loader = [
    ...alike(files).flatMap(([format, ...those], at) => [
      ...(at === 0 ? [] : ["--"]),
      "hexad",
      "env",
      "--format",
      format,
      ...those.flatMap(({ path, optional }) => ["--file", `${optional ? "-" : ""}${path}`]),
    ]),
    ...(expands ? ["--expand"] : []),
    "--",
  ];
  if (files.format === "systemd") return [...directory, ...loader];
  return [...loader, ...directory, ...settings(files.overriding ?? [], plan)];
}

/** Files in their order, those of the same format that follow each other together. */
function alike(
  { format: usual, files }: PlannedEnvironmentFiles,
): [EnvironmentFormat, ...PlannedEnvironmentFile[]][] {
  const groups: [EnvironmentFormat, ...PlannedEnvironmentFile[]][] = [];
  for (const file of files) {
    const { format = usual } = file;
    const last = groups.at(-1);
    if (last?.[0] === format) last.push(file);
    else groups.push([format, file]);
  }
  return groups;
}

/** The change of user, which sets again the variables that it would remove. */
export function ownerChain(plan: ServicePlan): string[] {
  const { user, environment, exported = [], environmentFiles } = plan;
  if (user === undefined) return [];
  const known = exported.flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[name, value]] : []
  );
  const all = [...environment, ...known, ...(environmentFiles?.overriding ?? [])];
  return [...userChain(user), ...settings(lostVariables(all), plan)];
}

/** The words that set variables for the rest of a chain. */
function settings(
  variables: readonly (readonly [name: string, value: string])[],
  plan: ServicePlan,
): string[] {
  if (variables.length === 0) return [];
  return [utility("env", plan), ...variables.map(([name, value]) => `${name}=${value}`)];
}

function utility(name: "env" | "nice", { hasUtilities }: ServicePlan): string {
  return hasUtilities === true ? `s6-${name}` : name;
}

export function hasEnvdir({ environment }: ServicePlan): boolean {
  return environment.length > 0;
}

export function envdirOptions({ environment }: ServicePlan): string[] {
  const keepsEnd = environment.some(([, value]) => /[ \t\r]$/.test(value));
  const isLong = environment.some(([, value]) =>
    new TextEncoder().encode(value).length >= ENVDIR_CLAMP
  );
  return [...(keepsEnd ? ["-n"] : []), ...(isLong ? ["-L"] : [])];
}
