/**
 * A container from its first moment to its exit code: prepares the ground, becomes the host of the
 * scan directory, and lives its life there. Nothing is executed for that: what is PID 1 at the
 * start is so at the end.
 */
import { CATCHALL_LOGGER, SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
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
import type { ScandirOrder } from "../scandir/core/scandir.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { environmentStrings, replaceEnvironment } from "../libc/environ.ts";
import { dup2, dupAbove } from "../libc/fd.ts";
import {
  O_CREAT,
  O_DIRECTORY,
  O_EXCL,
  O_PATH,
  O_RDONLY,
  O_WRONLY,
} from "../core/linux/open_flags.ts";
import { access, close, F_OK, mkdir, open, readDirectory, symlink } from "../libc/file.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { setChildSubreaper } from "../libc/process.ts";
import { raiseNofileLimit } from "../libc/resource_limit.ts";
import type { HostOptions } from "../scandir/host.ts";
import { ScandirHost } from "../scandir/host.ts";
import { bootMark } from "../tree/services.ts";
import type { EndOrder } from "../scandir/caretaker.ts";
import { type ScandirControl, takeScandir } from "../scandir/system.ts";
import type { World } from "../supervise/world.ts";
import { UnsuitableError } from "../supervise/control.ts";
import { outliveChildren } from "../supervise/outlive_children.ts";
import { divertOutput, type EngineOutput } from "./catch_all.ts";
import { dumpEnvironment } from "./container_environment.ts";
import { Life } from "./life.ts";
import { OverlayError } from "./overlay_error.ts";
import type { Severity } from "./port.ts";
import { prepareRunDirectory } from "./run_directory.ts";
import { SystemPort } from "./system.ts";
import { Terminal } from "./terminal.ts";

/** The lowest number for descriptors of ours that others must not meet by chance. */
const FIRST_FREE_FD = 10;
const SERVICES_MAX = 1000;
const NAME_MAX = 251;

/**
 * What signals mean to /init. Source: s6-linux-init, s6-linux-init-maker.c; for us every way to
 * stop is the same.
 */
const SIGNAL_ORDERS: Readonly<Record<string, ScandirOrder | undefined>> = {
  SIGHUP: { kind: "scan", prune: true },
  SIGINT: { kind: "terminate", hard: false },
  SIGTERM: { kind: "terminate", hard: false },
  SIGUSR1: { kind: "terminate", hard: false },
  SIGUSR2: { kind: "terminate", hard: false },
  SIGPWR: { kind: "terminate", hard: false },
  SIGQUIT: undefined,
  SIGWINCH: undefined,
};

/** What versions 1 and 2 did that 3 does not. */
const LEGACY_DEFAULTS = [["S6_CMD_WITH_CONTENV", "1"]] as const;

/** Commands that scripts call to stop the container, by the names that they have in basedir/bin. */
const STOP_COMMANDS = ["halt", "poweroff", "reboot", "shutdown"];

/** Those that version 2 has links to. Source: 2.2.0.3, init-stage2. */
const ETC_DIRECTORIES = ["fix-attrs.d", "cont-init.d", "cont-finish.d", "services.d"];

export interface ContainerOptions {
  readonly env: ReadonlyMap<string, string>;
  /** The CMD. */
  readonly command: readonly string[];
  /**
   * Called as version 1 and 2 called their first stage: the CMD gets the whole environment, as it
   * did there.
   */
  readonly legacy: boolean;
  /** This program, for links to it. */
  readonly program: string;
  readonly setlock: World["setlock"];
  readonly logHost: HostOptions["logHost"];
  /** Says one line on standard error, or on another descriptor. */
  say(text: string, fd?: number): void;
}

type Say = (severity: Severity, who: string, text: string) => void;

const NEEDED_VERBOSITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };
const LABELS: Readonly<Record<Severity, string>> = {
  error: "fatal",
  warning: "warning",
  info: "info",
};

/** Runs the container. @returns its exit code @throws {OverlayError} If it can't even begin. */
export function runContainer(options: ContainerOptions): Promise<number> {
  const { settings, warnings } = parseOverlaySettings(
    options.legacy ? new Map([...LEGACY_DEFAULTS, ...options.env]) : options.env,
  );
  const say: Say = (severity, who, text) => {
    if (settings.verbosity >= NEEDED_VERBOSITY[severity]) {
      options.say(`${who}: ${LABELS[severity]}: ${text}`);
    }
  };
  const warn = (text: string): void => say("warning", "init", text);
  for (const text of warnings) warn(text);
  const etc = profileDirectory(settings.runtimeProfile);
  requireProfile(settings.runtimeProfile, etc);
  const rundir = runtimeDirectory(options.env);
  const directoryFd = open(".", O_PATH | O_DIRECTORY);
  const { readOnlyRoot, acceptWorldWritable } = settings;
  prepareRunDirectory({ rundir, readOnlyRoot, acceptWorldWritable, warn });
  const paths = overlayPaths(rundir);
  const path = overlayPath(options.env.get("PATH"));
  keepEnvironment(new Map([...options.env, ["PATH", path]]), { settings, paths, path });
  makeStopCommands(`${paths.state}/basedir`, options.program);
  linkEtc(`${paths.state}/etc`, etc);
  const place = { scandir: paths.scandir, logdir: `${rundir}/uncaught-logs` };
  const engine = settings.logging === 0 ? undefined : divertOutput(settings, place);
  return host(options, {
    settings,
    say,
    paths,
    path,
    etc,
    directoryFd,
    stdinFd: takeStdin(),
    engine,
  });
}

/**
 * A container that was to have a profile must not run without anything. @throws {OverlayError} If
 * there is no such directory.
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

/** What everybody gets, and what tells of the terminal whether names on it may have colours. */
function logHostEnvironment(env: ReadonlyMap<string, string>): string[] {
  const terminal = ["NO_COLOR", "TERM"].filter((name) => env.has(name)).map((name) =>
    `${name}=${env.get(name)}`
  );
  return [...environmentStrings(), ...terminal];
}

interface Ground {
  readonly settings: OverlaySettings;
  readonly say: Say;
  readonly paths: OverlayPaths;
  /** PATH. */
  readonly path: string;
  /** Where cont-init.d and so on are. */
  readonly etc: string;
  /** The image's working directory. */
  readonly directoryFd: number;
  readonly stdinFd: number;
  /** The container's standard output and error, where ours are the catch-all logger's. */
  readonly engine: EngineOutput | undefined;
}

/**
 * Puts the environment where with-contenv finds it; what is started from now on sees PATH, and all
 * only if that is wanted.
 */
function keepEnvironment(
  env: ReadonlyMap<string, string>,
  { settings, paths, path }: Pick<Ground, "settings" | "paths" | "path">,
): void {
  dumpEnvironment(paths.containerEnvironment, env);
  if (settings.keepEnv) return replaceEnvironment(env);
  const minimal = new Map([["PATH", path]]);
  // for commands of ours that are called by name
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

/** What scripts of version 2 call the directories that the boot reads. */
function linkEtc(directory: string, etc: string): void {
  checked(`create directory ${directory}`, mkdir(directory, 0o755));
  for (const name of ETC_DIRECTORIES) {
    if (access(`${etc}/${name}`, F_OK) === 0) {
      checked(`link ${directory}/${name}`, symlink(`${etc}/${name}`, `${directory}/${name}`));
    }
  }
}

/**
 * Keeps the container's standard input for those that may have it; everybody else reads from
 * nowhere.
 */
function takeStdin(): number {
  const nullFd = open("/dev/null", O_RDONLY);
  const copy = dupAbove(0, FIRST_FREE_FD);
  checked("redirect standard input", dup2(nullFd, 0));
  return copy < 0 ? nullFd : copy;
}

/** @throws {SyscallError} If a step fails. */
function markBoot(scandir: string): void {
  checked(
    `create directory ${scandir}/${SVSCAN_CTLDIR}`,
    mkdir(`${scandir}/${SVSCAN_CTLDIR}`, 0o700),
  );
  close(open(bootMark(scandir), O_WRONLY | O_CREAT | O_EXCL, 0o600));
}

function takeControl(scandir: string): ScandirControl {
  markBoot(scandir); // before anybody can find a supervisor there
  try {
    return takeScandir(scandir);
  } catch (error) {
    throw error instanceof UnsuitableError ? new OverlayError(EXIT_USAGE, error.message) : error;
  }
}

async function host(options: ContainerOptions, ground: Ground): Promise<number> {
  const { settings, say, paths } = ground;
  const control = takeControl(paths.scandir);
  raiseNofileLimit();
  outliveChildren();
  setChildSubreaper();
  const hostEnd = Promise.withResolvers<void>();
  const scandirHost: ScandirHost = new ScandirHost({
    control,
    servicesMax: SERVICES_MAX,
    nameMax: NAME_MAX,
    signalOrders: SIGNAL_ORDERS,
    ...(ground.engine === undefined
      ? {}
      : { consoleFd: ground.engine.stderrFd, containerFd: ground.engine.stdoutFd }),
    ...(settings.loggingPrefix === "" ? {} : { outputForm: settings.loggingPrefix }),
    caretaker: {
      onEndAsked: (order) => endAsked(order),
      onDrained: () => {
        // of one that had died by itself before the end was asked for, perhaps by its own ./finish
        const { exitCode } = scandirHost.scandir;
        if (exitCode !== undefined) life.essentialEnded(exitCode);
        life.drained();
      },
    },
    setlock: options.setlock,
    logHost: (args) => ({ ...options.logHost(args), env: logHostEnvironment(options.env) }),
    settle: () => {}, // the start is over when the CMD runs
    warn: (text) => say("warning", "s6-svscan", text),
    warnOfService: (name, text) => {
      // what keeps the catch-all logger from running is not told to the catch-all logger
      if (name.startsWith(CATCHALL_LOGGER)) {
        options.say(`s6-supervise ${name}: warning: ${text}`, ground.engine?.stderrFd);
      } else say("warning", `s6-supervise ${name}`, text);
    },
    onEvents: (name, events) => port.heard(name, events),
  });
  const terminal = new Terminal(ground.stdinFd);
  const port: SystemPort = new SystemPort({
    ...ground,
    print: options.say,
    terminal,
    host: scandirHost,
    hostEnd: hostEnd.promise,
  });
  const { etc } = ground;
  const life = new Life(port, settings, {
    etc,
    command: options.command,
    finishScripts: `${etc}/cont-finish.d`,
  });
  const endAsked = (order: EndOrder): void => {
    const { exitCode } = scandirHost.scandir;
    if (exitCode !== undefined) life.essentialEnded(exitCode);
    else if (order === "abort") life.hurry("told to stop at once");
    else life.stop("told to stop");
  };
  scandirHost.listen((name) =>
    (name === "SIGHUP" && terminal.isOwnHangup()) || life.takeSignal(name)
  );
  void scandirHost.run().then(hostEnd.resolve);
  port.recordExitCode(0);
  return await Promise.race([life.live(), hostEnd.promise.then(() => life.over)]);
}
