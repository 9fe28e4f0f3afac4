/**
 * The settings in the S6_* variables of the container's environment: those of s6-overlay 3, those
 * that only 2 had, and our own.
 *
 * A malformed value gets a warning and counts as not set; an empty one counts as not set, without a
 * warning. A number above its bound counts as the bound. An unknown name that resembles a known one
 * gets a warning; other unknown names are ignored. Source: s6-overlay 3.2.3, README.md, rc.init and
 * stage0; 2.2.0.3, README.md. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import { editDistance } from "../../core/text/edit_distance.ts";
import { LINE_PREFIXES } from "../../logreader/core/service_line.ts";
import { DEFAULT_RUNDIR, RUNDIR_VARIABLE } from "./overlay_paths.ts";
import type { RestartRules } from "../../supervise/core/restart_policy.ts";
import {
  MAX_MAX_RESTARTS,
  type MaxRestarts,
  parseMaxRestarts,
} from "../../servicedir/core/restart_values.ts";

interface Flag {
  readonly kind: "flag";
  readonly name: string;
}

interface Count {
  readonly kind: "count";
  readonly name: string;
  readonly usual: number;
  readonly most: number;
}

interface Text {
  readonly kind: "text";
  readonly name: string;
  readonly usual: string;
}

/** One of several words, or "" for none. */
interface Choice<W extends string> {
  readonly kind: "choice";
  readonly name: string;
  readonly words: readonly W[];
}

/** N/SECONDS, or nothing. */
interface Frequency {
  readonly kind: "frequency";
  readonly name: string;
}

const NO_BOUND = 0xffffffff;
const MAX_GRACE_MS = 300_000;

function flag(name: string): Flag {
  return { kind: "flag", name };
}

function count(name: string, usual: number, most: number = NO_BOUND): Count {
  return { kind: "count", name, usual, most };
}

function text(name: string, usual: string): Text {
  return { kind: "text", name, usual };
}

function choice<const W extends string>(name: string, ...words: readonly W[]): Choice<W> {
  return { kind: "choice", name, words };
}

function frequency(name: string): Frequency {
  return { kind: "frequency", name };
}

type Variable = Flag | Count | Text | Choice<string> | Frequency;

/** Every variable, by its purpose. Times are milliseconds. */
const VARIABLES = {
  keepEnv: flag("S6_KEEP_ENV"),
  logging: count("S6_LOGGING", 0, 2),
  loggingScript: text("S6_LOGGING_SCRIPT", "n20 s1000000 T"),
  /** How to mark lines with the name of their service, for services without a logger. */
  loggingPrefix: choice("S6_LOGGING_PREFIX", ...LINE_PREFIXES),
  catchallUser: text("S6_CATCHALL_USER", "root"),
  verbosity: count("S6_VERBOSITY", 2, 5),
  /** 0: go on silently; 1: go on and warn; 2: stop the container. */
  ifStage2Fails: count("S6_BEHAVIOUR_IF_STAGE2_FAILS", 0, 2),
  stage2Hook: text("S6_STAGE2_HOOK", ""),
  cmdArg0: text("S6_CMD_ARG0", ""),
  cmdUseTerminal: flag("S6_CMD_USE_TERMINAL"),
  cmdReceiveSignals: flag("S6_CMD_RECEIVE_SIGNALS"),
  cmdWithContenv: flag("S6_CMD_WITH_CONTENV"),
  /**
   * Not set: one life, as in s6-overlay. This variable and those below mean for the CMD what the
   * files of a service directory mean for a service.
   */
  cmdRestartPolicy: choice("S6_CMD_RESTART_POLICY", "always", "on-failure", "never"),
  cmdRestartDelayMs: count("S6_CMD_RESTART_DELAY", 0),
  cmdRestartDelayMaxMs: count("S6_CMD_RESTART_DELAY_MAX", 0),
  cmdMaxRestarts: frequency("S6_CMD_MAX_RESTARTS"),
  /** From the request to stop until anything is stopped, as long as the CMD runs. */
  cmdDrainMs: count("S6_CMD_TIMEOUT_DRAIN", 0),
  /** From the request to stop until a script of the boot gets SIGTERM. */
  scriptDrainMs: count("S6_SCRIPT_TIMEOUT_DRAIN", 0),
  cmdKillLeftovers: flag("S6_CMD_KILL_LEFTOVERS"),
  waitForServices: flag("S6_CMD_WAIT_FOR_SERVICES"),
  /** From the first script to the CMD; 0: no limit. */
  bootMaxMs: count("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", 0),
  /** If the boot waits for services: how long one that can't report readiness must have run. */
  servicesReadyMs: count("S6_SERVICES_READYTIME", 50),
  /** After this time cont-finish scripts run, even if services are left; 0: no limit. */
  servicesGraceMs: count("S6_SERVICES_GRACETIME", 3000),
  /** For each cont-finish script; 0: no limit. */
  finishMaxMs: count("S6_KILL_FINISH_MAXTIME", 5000),
  /** Between SIGTERM and SIGKILL for the processes that are left. */
  killGraceMs: count("S6_KILL_GRACETIME", 3000, MAX_GRACE_MS),
  readOnlyRoot: flag("S6_READ_ONLY_ROOT"),
  acceptWorldWritable: flag("S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES"),
  rundir: text(RUNDIR_VARIABLE, DEFAULT_RUNDIR),
  /** Where `hexad serve` listens, and options of it; empty: it does not run. */
  serve: text("S6_SERVE", ""),
  syncDisks: flag("S6_SYNC_DISKS"),
  applySysctl: flag("S6_APPLY_SYSCTL"),
  fixAttrsHidden: flag("S6_FIX_ATTRS_HIDDEN"),
  runtimeProfile: text("S6_RUNTIME_PROFILE", ""),
  runtimeBundledir: text("S6_RUNTIME_BUNDLEDIR", ""),
  /** The boot waits for end of file on this descriptor; below 3: none. */
  waitForClosingFd: count("S6_WAIT_FOR_CLOSING_FD", 0),
} as const satisfies Readonly<Record<string, Variable>>;

type ValueOf<V> = V extends Flag ? boolean
  : V extends Count ? number
  : V extends Choice<infer W> ? W | ""
  : V extends Frequency ? MaxRestarts | undefined
  : string;

export type OverlaySettings = {
  readonly [K in keyof typeof VARIABLES]: ValueOf<typeof VARIABLES[K]>;
};

export interface ParsedSettings {
  readonly settings: OverlaySettings;
  /** One line each, ready to print. */
  readonly warnings: readonly string[];
}

/** The names of all variables that /init reads. */
export const OVERLAY_VARIABLES: readonly string[] = Object.values(VARIABLES).map(({ name }) =>
  name
);

export function parseOverlaySettings(env: ReadonlyMap<string, string>): ParsedSettings {
  const warnings = misspellings(env);
  const warn = (line: string): void => void warnings.push(line);
  const values = Object.entries(VARIABLES).map((
    [key, variable],
  ) => [key, valueOf(variable, env.get(variable.name) ?? "", warn)]);
  const settings: OverlaySettings = Object.fromEntries(values);
  warnings.push(...idleRestartVariables(settings));
  return { settings, warnings };
}

/** Variables about restarts of the CMD that have no effect because it is never restarted. */
function idleRestartVariables(settings: OverlaySettings): string[] {
  if (commandRules(settings).policy !== "never") return [];
  const { cmdRestartDelayMs, cmdRestartDelayMaxMs, cmdMaxRestarts } = VARIABLES;
  const given = { cmdRestartDelayMs, cmdRestartDelayMaxMs, cmdMaxRestarts };
  const names = Object.entries(given).filter(([key]) => settings[key as keyof typeof given]).map((
    [, { name }],
  ) => name);
  return names.map((name) =>
    `${name} has no effect without S6_CMD_RESTART_POLICY=always or on-failure`
  );
}

export function commandRules(settings: OverlaySettings): RestartRules {
  const { cmdRestartPolicy, cmdRestartDelayMs, cmdRestartDelayMaxMs, cmdMaxRestarts } = settings;
  return {
    policy: cmdRestartPolicy === "" ? "never" : cmdRestartPolicy,
    delayMs: cmdRestartDelayMs,
    delayMaxMs: cmdRestartDelayMaxMs,
    ...(cmdMaxRestarts === undefined ? {} : { maxRestarts: cmdMaxRestarts }),
  };
}

type Value = boolean | number | string | MaxRestarts | undefined;

function valueOf(variable: Variable, value: string, warn: (line: string) => void): Value {
  switch (variable.kind) {
    case "flag":
      return countOf(
        { kind: "count", name: variable.name, usual: 0, most: NO_BOUND },
        value,
        warn,
      ) !== 0;
    case "count":
      return countOf(variable, value, warn);
    case "text":
      return value === "" ? variable.usual : value;
    case "choice":
      if (value === "" || variable.words.includes(value)) return value;
      warn(
        `${variable.name}: not one of ${variable.words.join(", ")}: ${
          value.slice(0, 40)
        } (using none)`,
      );
      return "";
    case "frequency":
      return frequencyOf(variable, value, warn);
    default:
      return variable satisfies never;
  }
}

function countOf(
  { name, usual, most }: Count,
  value: string,
  warn: (line: string) => void,
): number {
  if (value === "") return usual;
  const number = parseUint(value);
  if (number === undefined) {
    warn(`${name}: not an unsigned number: ${value.slice(0, 40)} (using ${usual})`);
    return usual;
  }
  if (number > most) warn(`${name}: ${number} is more than ${most} (using ${most})`);
  return Math.min(number, most);
}

function frequencyOf(
  { name }: Frequency,
  value: string,
  warn: (line: string) => void,
): MaxRestarts | undefined {
  const frequency = value === "" ? undefined : parseMaxRestarts(value);
  if (value !== "" && frequency === undefined) {
    const expected = `N/SECONDS with N up to ${MAX_MAX_RESTARTS} and at least one second`;
    warn(`${name}: not ${expected}: ${value.slice(0, 40)} (using none)`);
  }
  return frequency;
}

/** Names up to a little longer than the longest known one. */
const NAME_OF_S6 = /^S6_[A-Z0-9_]{1,70}$/i;

/** How many letters may be wrong in a misspelt name. */
function tolerance(name: string): number {
  return name.length < 12 ? 1 : 2;
}

function misspellings(env: ReadonlyMap<string, string>): string[] {
  const unknown = [...env.keys()].filter((name) =>
    NAME_OF_S6.test(name) && !OVERLAY_VARIABLES.includes(name)
  );
  return unknown.flatMap((name) => {
    const meant = closestTo(name);
    return meant === undefined
      ? []
      : [`${name} is no variable of this overlay: is ${meant} meant? (ignoring it)`];
  });
}

function closestTo(name: string): string | undefined {
  const distances = OVERLAY_VARIABLES.map((known) =>
    [known, editDistance(name.toUpperCase(), known)] as const
  );
  return distances.filter(([, distance]) => distance <= tolerance(name)).sort(([, a], [, b]) =>
    a - b
  )[0]?.[0];
}

/** The directory of an image's profiles. */
export const PROFILES = "/etc/cont-profile.d";

/**
 * The directory of cont-init.d, services.d and the others: /etc, or the profile that
 * S6_RUNTIME_PROFILE names. An absolute path is itself a profile.
 */
export function profileDirectory(profile: string): string {
  if (profile === "") return "/etc";
  return profile.startsWith("/") ? profile : `${PROFILES}/${profile}`;
}

/** Directories that PATH always has. Those that are missing are put at the front. */
const PATH_DIRECTORIES = ["/bin", "/usr/bin", "/command"];

/** The PATH of everything that /init starts. Source: s6-overlay 3.2.3, init. */
export function overlayPath(path: string | undefined): string {
  const given = path === undefined || path === "" ? "/bin" : path;
  return PATH_DIRECTORIES.reduce(
    (sum, directory) => sum.split(":").includes(directory) ? sum : `${directory}:${sum}`,
    given,
  );
}

/** Splits a variable into words, as a shell does with an unquoted variable. */
export function variableWords(value: string): string[] {
  return value.split(/[ \t\n]+/).filter((word) => word !== "");
}
