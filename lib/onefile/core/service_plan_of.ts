/** The plan of one service of a file: its command, its surroundings and its small files. Pure. */
import { plannedUser } from "../../importer/core/planned_user.ts";
import type { EnvironmentFormat } from "../../grammars/core/environment_format.ts";
import {
  plainPlan,
  type PlannedEnvironmentFiles,
  type PlannedLog,
  type ServicePlan,
  variableFault,
} from "../../importer/core/service_plan.ts";
import { MAX_MAX_RESTARTS } from "../../servicedir/core/restart_values.ts";
import { composeSizeBytes } from "./compose_units.ts";
import type { FileFindings } from "./file_findings.ts";
import type { EnvFileFormat, ServiceEntry, ServiceValues } from "./service_keys.ts";
import { limitOptions } from "./ulimit_options.ts";

const USUAL_GRACE_MS = 10_000;
/** Docker counts restarts without forgetting one. */
const A_YEAR_SECONDS = 365 * 86_400;
const USUAL_LOG_SIZE = 1_000_000;
const USUAL_LOG_FILES = 20;
/** Docker reads raw files itself, in its own grammar. */
const FORMATS: Readonly<Record<EnvFileFormat, EnvironmentFormat>> = {
  raw: "docker",
  foreman: "foreman",
};
const NOWHERE = "/dev/null";

/** In timeout-kill, 0 is never; in Compose it is at once. */
const AT_ONCE_MS = 1;

export interface PlanOptions {
  /** For relative names; absolute. */
  readonly directory: string;
  /** Where services run that do not say it; absent: in their service directories. */
  readonly usualDirectory?: string;
  /** The driver prefix has nothing to do, since each line has its name as it is; absent: it has. */
  readonly namesOutput?: boolean;
}

/** One copy of a service: `index` counts from 1 if the service is scaled. */
export interface ServiceCopy {
  readonly entry: ServiceEntry;
  /** The name of this copy. */
  readonly name: string;
  readonly index: number | undefined;
  /** Others wait until it has ended with 0, so it runs once unless `restart` says otherwise. */
  readonly isAwaitedToEnd: boolean;
}

/** Undefined if it has no command, which is reported, unless a mistake may be why. */
export function planOf(
  { entry, name, index, isAwaitedToEnd }: ServiceCopy,
  { directory, usualDirectory, namesOutput = false }: PlanOptions,
  findings: FileFindings,
): ServicePlan | undefined {
  const { value: values, place } = entry;
  const words = [...values.entrypoint?.value ?? [], ...values.command?.value ?? []];
  if (words.length === 0) {
    if (entry.isSound) findings.error(place, `${entry.name}: a command is needed`);
    return undefined;
  }
  const [program] = words;
  if (/^[A-Za-z_]\w*=/.test(program!)) {
    findings.note(place, `${program} is taken for a program; variables stand in environment`);
  }
  const hexad = values["x-hexad"]?.value ?? {};
  const variables = variablesOf(values, index, findings);
  const files = environmentFiles(entry, directory, findings);
  const log = logOf(values, { name, index, namesOutput }, findings);
  const isSilent = values.logging?.value.driver?.value === "none";
  const limits = limitOptions(values.ulimits?.value ?? [], findings);
  const groups = values.group_add?.value.map((group) => group.value) ?? [];
  const user = {
    ...(values.user === undefined ? {} : plannedUser(values.user.value)),
    ...(groups.length === 0 ? {} : { groups }),
  };
  const workingDirectory = values.working_dir === undefined
    ? usualDirectory
    : absolute(values.working_dir.value, directory);
  return {
    ...plainPlan(name, { kind: "words", words }),
    hasUtilities: true,
    ...(Object.keys(user).length === 0 ? {} : { user }),
    ...(workingDirectory === undefined ? {} : { directory: workingDirectory }),
    ...(files === undefined
      ? { exported: variables }
      : { environmentFiles: { ...files, overriding: variables } }),
    ...(hexad.home?.value === true && variables.every(([name]) => name !== "HOME")
      ? { homeOf: homeOwner(entry, findings) }
      : {}),
    ...(hexad.umask === undefined ? {} : { umask: hexad.umask.value }),
    ...(hexad.nice === undefined ? {} : { nice: hexad.nice.value }),
    ...(limits.length === 0 ? {} : { limits }),
    ...(hexad.notification_fd === undefined ? {} : { notificationFd: hexad.notification_fd.value }),
    redirections: isSilent
      ? [{ fd: 1, to: NOWHERE }, { fd: 2, to: NOWHERE }]
      : log === undefined
      ? []
      : [{ fd: 2, to: "&1" }],
    ...(log === undefined ? {} : { log }),
    files: smallFilesOf(values, isAwaitedToEnd ? "no" : "always"),
    // without its line: a service that stays the same keeps its script
    comments: [`from ${place.file}: ${entry.name}`],
  };
}

/** The user of whom `home` speaks. */
function homeOwner({ value, isSound }: ServiceEntry, findings: FileFindings): string {
  const { user, "x-hexad": hexad } = value;
  const name = user === undefined ? undefined : plannedUser(user.value).user;
  if (name === undefined && isSound) {
    findings.error(hexad!.value.home!.place, "home needs user");
  }
  return name ?? "root";
}

function variablesOf(
  { environment }: ServiceValues,
  index: number | undefined,
  findings: FileFindings,
): (readonly [string, string])[] {
  const found = (environment?.value ?? []).flatMap(({ name, value, place }): [string, string][] => {
    const fault = variableFault(name);
    if (fault !== undefined) findings.error(place, `no variable: ${name} (${fault})`);
    return value === undefined || fault !== undefined ? [] : [[name, value]];
  });
  return index === undefined ? found : [["REPLICA", String(index)], ...found];
}

function absolute(path: string, directory: string): string {
  if (path.startsWith("/")) return path;
  const rest = path.replace(/^(?:\.\/+)+|^\.$/, "");
  return rest === "" ? directory : `${directory === "/" ? "" : directory}/${rest}`;
}

/** @param directory For relative names */
function environmentFiles(
  { value: { env_file: given }, isSound }: ServiceEntry,
  directory: string,
  findings: FileFindings,
): PlannedEnvironmentFiles | undefined {
  if (given === undefined) return undefined;
  const { value } = given;
  const listed = typeof value === "string" ? [{ value, place: given.place }] : value;
  const files = listed.flatMap(({ value: each, place }) => {
    const { path, required, format } = typeof each === "string"
      ? { path: { value: each } }
      : { required: undefined, format: undefined, ...each };
    if (path === undefined) {
      if (isSound) findings.error(place, "path is needed");
      return [];
    }
    return [{
      path: absolute(path.value, directory),
      optional: required?.value === false,
      format: FORMATS[format?.value as EnvFileFormat] ?? "compose",
    }];
  });
  return { format: "compose", files };
}

/** Docker has two drivers that write files. */
function driverOf(name = "file"): string {
  return name === "json-file" || name === "local" ? "file" : name;
}

function logOf(
  { logging, "x-hexad": hexad }: ServiceValues,
  { name, index, namesOutput }: Pick<ServiceCopy, "name" | "index"> & {
    readonly namesOutput: boolean;
  },
  findings: FileFindings,
): PlannedLog | undefined {
  const driver = logging === undefined ? undefined : driverOf(logging.value.driver?.value);
  const options = logging?.value.options;
  const directives = hexad?.value.log;
  if (driver !== "file") {
    for (
      const [key, given] of [["logging.options", options], ["x-hexad.log", directives]] as const
    ) {
      if (given !== undefined) findings.error(given.place, `${key} is for the driver file`);
    }
  }
  if (driver === undefined || driver === "none") return undefined;
  if (driver === "prefix" && namesOutput) return undefined;
  // these two have no directory: the directive is all
  if (driver !== "file") {
    return { form: "logscript", directory: driver === "json" ? "oj" : "o", directives: [] };
  }
  const given = options?.value ?? {};
  const size = given["max-size"] === undefined
    ? USUAL_LOG_SIZE
    : composeSizeBytes(given["max-size"].value)!;
  const dir = given.dir?.value;
  return {
    form: "logscript",
    directory: dir === undefined
      ? `/var/log/${name}`
      : index === undefined
      ? dir
      : `${dir}/${name}`,
    directives: [
      "T",
      `n${given["max-file"]?.value ?? USUAL_LOG_FILES}`,
      `s${size}`,
      ...(directives?.value.map(({ value }) => value) ?? []),
    ],
    ...(given.user === undefined ? {} : { user: plannedUser(given.user.value) }),
  };
}

/** @param usualRestart The policy without the key `restart` */
function smallFilesOf(values: ServiceValues, usualRestart: string): Record<string, string> {
  const hexad = values["x-hexad"]?.value ?? {};
  const files: Record<string, string | undefined> = {
    ...restartFiles(values.restart?.value ?? usualRestart),
    "timeout-kill": String(
      Math.max(AT_ONCE_MS, values.stop_grace_period?.value ?? USUAL_GRACE_MS),
    ),
    "down-signal": values.stop_signal?.value,
    "reload-signal": hexad.reload_signal?.value,
    "oom-score-adj": values.oom_score_adj?.value.toString(),
    "timeout-finish": hexad.timeout_finish?.value.toString(),
    "timeout-drain": hexad.drain?.value.toString(),
    "restart-delay": hexad.restart_delay?.value.toString(),
    "restart-delay-max": hexad.restart_delay_max?.value.toString(),
    "exit-codes-ok": hexad.exit_codes_ok?.value.map(({ value }) => value).join(" "),
    "flag-timeout-killpg": hexad.kill_group?.value === true ? "" : undefined,
    "flag-kill-leftovers": hexad.leftovers?.value === "kill" ? "" : undefined,
    "data/labels": values.labels?.value.map(({ name, value }) => `${name}=${value ?? ""}`).join(
      "\n",
    ),
  };
  const max = hexad.max_restarts?.value;
  if (max !== undefined) files["max-restarts"] = max;
  return Object.fromEntries(
    Object.entries(files).filter((file): file is [string, string] => file[1] !== undefined),
  );
}

function restartFiles(text: string): Record<string, string> {
  const [policy, most] = text.split(":");
  if (policy === "no") return { "restart-policy": "never" };
  if (policy !== "on-failure") return {};
  const count = most === undefined ? undefined : Math.min(Number(most), MAX_MAX_RESTARTS);
  return {
    "restart-policy": "on-failure",
    ...(count === undefined ? {} : { "max-restarts": `${count}/${A_YEAR_SECONDS}` }),
  };
}
