/**
 * A container from its first moment to its exit code: prepares the ground, supervises the scan
 * directory in this process, and runs the container's life. It never calls exec, so PID 1 is the
 * same program from start to end.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { O_CREAT, O_EXCL, O_WRONLY } from "../core/linux/open_flags.ts";
import { checked } from "../libc/bind.ts";
import { environmentStrings } from "../libc/environ.ts";
import { close, mkdir, open } from "../libc/file.ts";
import { setChildSubreaper } from "../libc/process.ts";
import { raiseNofileLimit } from "../libc/resource_limit.ts";
import { SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import type { ScandirProcessOptions } from "../scandir/scandir_process.ts";
import { type ScandirControl, takeScandir } from "../scandir/system.ts";
import { UnsuitableError } from "../supervise/control.ts";
import { outliveChildren } from "../supervise/outlive_children.ts";
import type { World } from "../supervise/world.ts";
import { bootMark } from "../tree/services.ts";
import { ContainerScandir } from "./container_scandir.ts";
import { prepareGround } from "./ground.ts";
import { Life } from "./life.ts";
import { OverlayError } from "./overlay_error.ts";
import { SystemOverlayPort } from "./system.ts";
import { Terminal } from "./terminal.ts";

export interface ContainerOptions {
  readonly env: ReadonlyMap<string, string>;
  readonly command: readonly string[];
  /**
   * We were called by the name of the first stage of versions 1 and 2, so the CMD gets the whole
   * environment, as it did there.
   */
  readonly legacy: boolean;
  /** This program, for links to it. */
  readonly program: string;
  readonly setlock: World["setlock"];
  readonly logHost: ScandirProcessOptions["logHost"];
  readonly distantSupervisor: NonNullable<ScandirProcessOptions["distantSupervisor"]>;
  /** Prints a whole line on standard error or another descriptor, at every verbosity. */
  print(text: string, fd?: number): void;
}

/** Runs the container. @returns its exit code @throws {OverlayError} If it can't even begin. */
export async function runContainer(options: ContainerOptions): Promise<number> {
  const { env, command, setlock, logHost, distantSupervisor, print } = options;
  const ground = prepareGround(options);
  const { settings, etc, engine, say } = ground;
  const control = takeControl(ground.paths.scandir);
  raiseNofileLimit();
  outliveChildren();
  setChildSubreaper();
  const scandir = new ContainerScandir({
    control,
    engine,
    loggingPrefix: settings.loggingPrefix,
    setlock,
    logHost: (args) => ({ ...logHost(args), env: logHostEnvironment(env) }),
    distantSupervisor,
    say,
    print,
  });
  const terminal = new Terminal(ground.stdinFd);
  const port = new SystemOverlayPort({ ...ground, scandir, terminal, print });
  const life = new Life(port, settings, { etc, command });
  port.begin(life);
  port.recordExitCode(0);
  return await life.live();
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
  markBoot(scandir); // before a supervisor can be found there
  try {
    return takeScandir(scandir);
  } catch (error) {
    throw error instanceof UnsuitableError ? new OverlayError(EXIT_USAGE, error.message) : error;
  }
}

/**
 * The environment that all processes get, and the variables that decide whether names have colours.
 */
function logHostEnvironment(env: ReadonlyMap<string, string>): string[] {
  const terminal = ["NO_COLOR", "TERM"].filter((name) => env.has(name)).map((name) =>
    `${name}=${env.get(name)}`
  );
  return [...environmentStrings(), ...terminal];
}
