/**
 * What the S6_* variables of the container's environment ask /init for: s6-overlay 3's, those that
 * only 2 had, and our own.
 *
 * A malformed value is warned about and counts as not set; so does an empty one, without a word. A
 * number above its bound counts as the bound. A name that is not known and looks like one that is
 * gets a warning; any other is somebody else's. Source: s6-overlay 3.2.3, README.md, rc.init and
 * stage0; 2.2.0.3, README.md. Pure.
 */
import { parseUint } from "../../core/linux/config_file.ts";
import { editDistance } from "../../core/text/edit_distance.ts";
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

/** One of some words, or "" for none. */
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

/** Every variable, by what it is for. Times are milliseconds. */
const VARIABLES = {
  keepEnv: flag("S6_KEEP_ENV"),
  logging: count("S6_LOGGING", 0, 2),
  loggingScript: text("S6_LOGGING_SCRIPT", "n20 s1000000 T"),
  /** How lines of services without a logger tell whose they are. */
  loggingPrefix: choice("S6_LOGGING_PREFIX", "name", "json"),
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
   * None: one life, as in s6-overlay. This one and those below mean for the CMD what the files of a
   * service directory mean for its service.
   */
  cmdRestartPolicy: choice("S6_CMD_RESTART_POLICY", "always", "on-failure", "never"),
  cmdRestartDelayMs: count("S6_CMD_RESTART_DELAY", 0),
  cmdRestartDelayMaxMs: count("S6_CMD_RESTART_DELAY_MAX", 0),
  cmdMaxRestarts: frequency("S6_CMD_MAX_RESTARTS"),
  /** From the wish to stop until anything is stopped, as long as the CMD runs. */
  cmdDrainMs: count("S6_CMD_TIMEOUT_DRAIN", 0),
  /** From the wish to stop until a script of the boot gets SIGTERM. */
  scriptDrainMs: count("S6_SCRIPT_TIMEOUT_DRAIN", 0),
  cmdKillLeftovers: flag("S6_CMD_KILL_LEFTOVERS"),
  waitForServices: flag("S6_CMD_WAIT_FOR_SERVICES"),
  /** From the first script to the CMD; 0: no limit. */
  bootMaxMs: count("S6_CMD_WAIT_FOR_SERVICES_MAXTIME", 0),
  /**
   * How long a service that can't tell that it is ready must have run, where services are waited
   * for.
   */
  servicesReadyMs: count("S6_SERVICES_READYTIME", 50),
  /** Until cont-finish scripts run whatever services are left; 0: no limit. */
  servicesGraceMs: count("S6_SERVICES_GRACETIME", 3000),
  /** For each cont-finish script; 0: no limit. */
  finishMaxMs: count("S6_KILL_FINISH_MAXTIME", 5000),
  /** Between SIGTERM and SIGKILL to what is left. */
  killGraceMs: count("S6_KILL_GRACETIME", 3000, MAX_GRACE_MS),
  readOnlyRoot: flag("S6_READ_ONLY_ROOT"),
  acceptWorldWritable: flag("S6_YES_I_WANT_A_WORLD_WRITABLE_RUN_BECAUSE_KUBERNETES"),
  rundir: text(RUNDIR_VARIABLE, DEFAULT_RUNDIR),
  syncDisks: flag("S6_SYNC_DISKS"),
  applySysctl: flag("S6_APPLY_SYSCTL"),
  fixAttrsHidden: flag("S6_FIX_ATTRS_HIDDEN"),
  runtimeProfile: text("S6_RUNTIME_PROFILE", ""),
  runtimeBundledir: text("S6_RUNTIME_BUNDLEDIR", ""),
  /** A descriptor whose end of file the boot waits for; below 3: none. */
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
  /** One line each, ready to be said. */
  readonly warnings: readonly string[];
}

/** The names of all variables that /init heeds. */
export const OVERLAY_VARIABLES: readonly string[] = Object.values(VARIABLES).map(({ name }) =>
  name
);

/** What `env` asks for. */
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

/** Those that say when the CMD is started again, where it never is. */
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

/** When the CMD is to be started again. */
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

/** So long a name as the longest that there is, and a little more. */
const NAME_OF_S6 = /^S6_[A-Z0-9_]{1,70}$/i;

/** How many letters may be wrong for a name to be taken for a misspelling. */
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

/** Where an image's profiles are. */
export const PROFILES = "/etc/cont-profile.d";

/**
 * Where cont-init.d, services.d and the others are: /etc, or what S6_RUNTIME_PROFILE puts in its
 * place. An absolute path is itself one.
 */
export function profileDirectory(profile: string): string {
  if (profile === "") return "/etc";
  return profile.startsWith("/") ? profile : `${PROFILES}/${profile}`;
}

/** Directories that PATH always has, in front of the others where they are not in it yet. */
const PATH_DIRECTORIES = ["/bin", "/usr/bin", "/command"];

/** The PATH of everything that /init starts. Source: s6-overlay 3.2.3, init. */
export function overlayPath(path: string | undefined): string {
  const given = path === undefined || path === "" ? "/bin" : path;
  return PATH_DIRECTORIES.reduce(
    (sum, directory) => sum.split(":").includes(directory) ? sum : `${directory}:${sum}`,
    given,
  );
}

/** The words of a variable that holds several, as an unquoted variable of a shell gives them. */
export function variableWords(value: string): string[] {
  return value.split(/[ \t\n]+/).filter((word) => word !== "");
}
