/**
 * Prepares what a container needs before anything runs: its variables, /run, the environment for
 * scripts, links, and the catch-all logger's directory. After this, standard output goes to that
 * logger.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { byBytes } from "../core/text/bytes.ts";
import { ENOTDIR, strerror } from "../core/linux/errno.ts";
import {
  DEFAULT_RUNDIR,
  type OverlayPaths,
  overlayPaths,
  RUNDIR_VARIABLE,
  runtimeDirectory,
} from "./core/overlay_paths.ts";
import {
  overlayPath,
  type OverlaySettings,
  parseOverlaySettings,
  profileDirectory,
  PROFILES,
} from "./core/overlay_settings.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { replaceEnvironment } from "../libc/environ.ts";
import { dup2, dupAbove } from "../libc/fd.ts";
import { O_DIRECTORY, O_PATH, O_RDONLY } from "../core/linux/open_flags.ts";
import { access, F_OK, mkdir, open, readDirectory, symlink } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { divertOutput, type EngineOutput } from "./catch_all.ts";
import { dumpEnvironment } from "./container_environment.ts";
import { OverlayError } from "./overlay_error.ts";
import type { Severity } from "./port.ts";
import { prepareRunDirectory } from "./run_directory.ts";
import { addServeService } from "./serve_service.ts";

/** The lowest number for our own descriptors that other programs must not find by accident. */
const FIRST_FREE_FD = 10;

/** Settings that versions 1 and 2 implied and 3 does not. */
const LEGACY_DEFAULTS = [["S6_CMD_WITH_CONTENV", "1"]] as const;

/** Commands that scripts call to stop the container, by their names in basedir/bin. */
const STOP_COMMANDS = ["halt", "poweroff", "reboot", "shutdown"];

/** Directories that version 2 has links to. Source: 2.2.0.3, init-stage2. */
const ETC_DIRECTORIES = ["fix-attrs.d", "cont-init.d", "cont-finish.d", "services.d"];

export interface GroundOptions {
  readonly env: ReadonlyMap<string, string>;
  /**
   * We were called by the name of the first stage of versions 1 and 2, so the CMD gets the whole
   * environment, as it did there.
   */
  readonly legacy: boolean;
  /** This program, for links to it. */
  readonly program: string;
  /** Prints a whole line on standard error, at every verbosity. */
  print(text: string): void;
}

const NEEDED_VERBOSITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
const LABELS: Readonly<Record<Severity, string>> = {
  error: "fatal",
  warning: "warning",
  info: "info",
};

export interface Ground {
  readonly settings: OverlaySettings;
  readonly paths: OverlayPaths;
  /** PATH. */
  readonly path: string;
  /** Where cont-init.d and so on are. */
  readonly etc: string;
  /** The image's working directory. */
  readonly directoryFd: number;
  /** The container's standard input. */
  readonly stdinFd: number;
  /** The container's standard output and error, if ours go to the catch-all logger. */
  readonly engine: EngineOutput | undefined;
  /** Prints a line if the verbosity is high enough. */
  say(severity: Severity, who: string, text: string): void;
}

/** @throws {OverlayError} If the container can't start. @throws {SyscallError} */
export function prepareGround({ env, legacy, program, print }: GroundOptions): Ground {
  const { settings, warnings } = parseOverlaySettings(
    legacy ? new Map([...LEGACY_DEFAULTS, ...env]) : env,
  );
  const say: Ground["say"] = (severity, who, text) => {
    if (settings.verbosity >= NEEDED_VERBOSITY[severity]) {
      print(`${who}: ${LABELS[severity]}: ${text}`);
    }
  };
  const warn = (text: string): void => say("warning", "init", text);
  for (const text of warnings) warn(text);
  const etc = profileDirectory(settings.runtimeProfile);
  requireProfile(settings.runtimeProfile, etc);
  const rundir = runtimeDirectory(env);
  const directoryFd = open(".", O_PATH | O_DIRECTORY);
  const { readOnlyRoot, acceptWorldWritable } = settings;
  prepareRunDirectory({ rundir, readOnlyRoot, acceptWorldWritable, warn });
  const paths = overlayPaths(rundir);
  const path = overlayPath(env.get("PATH"));
  keepEnvironment(new Map([...env, ["PATH", path]]), { settings, paths, path });
  makeStopCommands(`${paths.state}/basedir`, program);
  linkEtc(`${paths.state}/etc`, etc);
  const place = { scandir: paths.scandir, logdir: `${rundir}/uncaught-logs` };
  const engine = settings.logging === 0 ? undefined : divertOutput(settings, place);
  const fault = settings.serve === "" ? undefined : addServeService(paths.scandir, settings.serve);
  if (fault !== undefined) warn(fault);
  return { settings, paths, path, etc, directoryFd, stdinFd: takeStdin(), engine, say };
}

/**
 * A container that asks for a profile must not run without one. @throws {OverlayError} If there is
 * no such directory.
 */
function requireProfile(profile: string, etc: string): void {
  const found = profile === "" ? undefined : tryStat(etc);
  if (found === undefined || (typeof found !== "number" && isDirectory(found.mode))) return;
  const why = typeof found === "number" ? strerror(-found) : strerror(ENOTDIR);
  const known = profileNames();
  const cure = known.length === 0
    ? `the image has no profiles: make ${etc}, or leave the variable out`
    : `there is ${known.join(", ")}`;
  throw new OverlayError(
    EXIT_USAGE,
    `unable to use S6_RUNTIME_PROFILE=${profile}: ${etc}: ${why}; ${cure}`,
  );
}

function profileNames(): string[] {
  try {
    return readDirectory(PROFILES).filter((name) => !name.startsWith(".")).sort(byBytes);
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/**
 * Stores the environment where with-contenv finds it. Processes that are started from now on get
 * only PATH, or everything if the settings ask for that.
 */
function keepEnvironment(
  env: ReadonlyMap<string, string>,
  { settings, paths, path }: Pick<Ground, "settings" | "paths" | "path">,
): void {
  dumpEnvironment(paths.containerEnvironment, env);
  if (settings.keepEnv) return replaceEnvironment(env);
  const minimal = new Map([["PATH", path]]);
  // for our own commands that are called by name
  if (paths.rundir !== DEFAULT_RUNDIR) minimal.set(RUNDIR_VARIABLE, paths.rundir);
  replaceEnvironment(minimal);
}

function makeStopCommands(basedir: string, program: string): void {
  for (const directory of [basedir, `${basedir}/bin`]) {
    checked(`create directory ${directory}`, mkdir(directory, 0o755));
  }
  for (const name of STOP_COMMANDS) {
    checked(`create link ${basedir}/bin/${name}`, symlink(program, `${basedir}/bin/${name}`));
  }
}

/** Links the directories that the boot reads to the paths that scripts of version 2 use. */
function linkEtc(directory: string, etc: string): void {
  checked(`create directory ${directory}`, mkdir(directory, 0o755));
  for (const name of ETC_DIRECTORIES) {
    if (access(`${etc}/${name}`, F_OK) === 0) {
      checked(`link ${directory}/${name}`, symlink(`${etc}/${name}`, `${directory}/${name}`));
    }
  }
}

/**
 * Keeps the container's standard input for the programs that may have it; all others read from
 * /dev/null.
 */
function takeStdin(): number {
  const nullFd = open("/dev/null", O_RDONLY);
  const copy = dupAbove(0, FIRST_FREE_FD);
  checked("redirect standard input", dup2(nullFd, 0));
  return copy < 0 ? nullFd : copy;
}
