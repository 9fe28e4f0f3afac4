/** The tree of services on a scan directory. */
import { ENOENT } from "../core/linux/errno.ts";
import { signalName, signalNumber } from "../core/linux/signals.ts";
import { wexitstatus } from "../core/linux/wstat.ts";
import { firstLine } from "../core/linux/config_file.ts";
import { SyscallError } from "../libc/bind.ts";
import { localTime, wallclock } from "../libc/clock.ts";
import { access, close, F_OK, readlink, X_OK } from "../libc/file.ts";
import { lockHolder } from "../libc/lock.ts";
import { kill, waitFor } from "../libc/process.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { spawn } from "../libc/spawn.ts";
import { CATCHALL_LOGGER, SVSCAN_CTLDIR } from "../scandir/core/svscan_names.ts";
import { bringAbout, type Outcome } from "../servicedir/bring_about.ts";
import { isSupervised, sendCommands, tryOpenLock } from "../servicedir/client.ts";
import { SIGNAL_LETTERS } from "../servicedir/core/control_letters.ts";
import { SERVICE_COMMANDS, type ServiceCommand } from "../servicedir/core/service_command.ts";
import { SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { observeService } from "../servicedir/observe.ts";
import { keptLinesOf } from "../tree/kept_output.ts";
import { liveRecords } from "../tree/live_records.ts";
import { logdirsOfServices } from "../tree/overview.ts";
import { isScanned, listServices, withLogger } from "../tree/services.ts";
import { unlinkService } from "../tree/unlink.ts";
import {
  isRunning,
  namespecOf,
  type ProcessInfo,
  processInfo,
  type ProcessNames,
  secondsOf,
} from "./core/process_info.ts";
import { emptyLogdir, lastBytes } from "./log_files.ts";
import type { AvailableService, ControlledTree, Fault } from "./port.ts";

const NAME_BYTES = 1024;
/** A service that does not end is told of then; supervisord would have killed it long before. */
const STOP_LIMIT_MS = 60_000;
const TAKE_LIMIT_MS = 10_000;
const LOOK_INTERVAL_MS = 50;
const KEPT_LINES = 1000;
const FOLLOWED_LINES = "20";

export interface ScandirTreeOptions {
  readonly scandir: string;
  /** The command that runs `hexad` with these words. */
  hexad(
    words: readonly string[],
  ): { readonly path: string; readonly argv: readonly string[] };
}

export class ScandirTree implements ControlledTree {
  readonly #options: ScandirTreeOptions;

  constructor(options: ScandirTreeOptions) {
    this.#options = options;
  }

  get place(): string {
    return `unix://${this.#options.scandir}/${SVSCAN_CTLDIR}/control`;
  }

  isSupervised(): boolean {
    return isScanned(this.#options.scandir) !== false;
  }

  /** Those that somebody has named, without the catch-all logger and what s6-rc needs itself. */
  #services(): { readonly service: NamedService; readonly names: ProcessNames }[] {
    return listServices(this.#options.scandir)
      .filter(({ name, isLogger }) =>
        !isLogger && name !== CATCHALL_LOGGER && !name.startsWith("s6rc-")
      )
      .map((service) => ({ service, names: namesOf(service) }))
      .sort((a, b) => namespecOf(a.names) < namespecOf(b.names) ? -1 : 1);
  }

  infos(): readonly ProcessInfo[] {
    const clock = {
      now: wallclock(),
      local: (moment: Parameters<typeof secondsOf>[0]) => localTime(secondsOf(moment)),
    };
    return this.#services().flatMap(({ service, names }) => {
      const facts = observeService(service);
      return facts.supervised || facts.fault !== undefined
        ? [processInfo(facts, names, clock)]
        : [];
    });
  }

  available(): readonly AvailableService[] {
    return this.#services().map(({ service, names }) => ({
      namespec: namespecOf(names),
      isInUse: isSupervised(service.directory),
      isAutomatic: access(`${service.directory}/down`, F_OK) === -ENOENT,
    }));
  }

  #serviceOf({ service }: ProcessInfo): NamedService {
    return { name: service, directory: `${this.#options.scandir}/${service}`, isLogger: false };
  }

  async start(info: ProcessInfo): Promise<Fault | undefined> {
    const { directory } = this.#serviceOf(info);
    if (access(`${directory}/run`, F_OK) === -ENOENT) return "no such file";
    if (access(`${directory}/run`, X_OK) < 0) return "file is not executable";
    if (isRunning(info)) return "already started";
    const outcome = await this.#order(info, { ...SERVICE_COMMANDS.start, limitMs: 0 });
    return outcome === "reached" ? undefined : outcome === undefined ? "failed" : "spawn error";
  }

  async stop(info: ProcessInfo): Promise<Fault | undefined> {
    if (!isRunning(info)) return "not running";
    const outcome = await this.#order(info, { ...SERVICE_COMMANDS.stop, limitMs: STOP_LIMIT_MS });
    return outcome === "reached" ? undefined : "failed";
  }

  /** Undefined if it could not be told. */
  async #order(
    info: ProcessInfo,
    { letters, goal, limitMs }: ServiceCommand & {
      readonly goal: "up" | "down";
      readonly limitMs: number;
    },
  ): Promise<Outcome | undefined> {
    let result: Outcome | undefined;
    await bringAbout([{
      service: this.#serviceOf(info),
      goal,
      once: false,
      needsRun: false,
      settles: false,
      failsAtOnce: goal === "up",
      send: () => this.#send(info, letters),
      onDeath: () => {},
      onFault: () => {},
      onOutcome: (outcome) => result = outcome,
      onTrouble: () => {},
    }], limitMs);
    return result;
  }

  #send(info: ProcessInfo, letters: string): boolean {
    const { directory } = this.#serviceOf(info);
    try {
      return sendCommands(directory, SUPERVISE_DIRECTORY, letters).kind === "ok";
    } catch (error) {
      if (error instanceof SyscallError) return false;
      throw error;
    }
  }

  signal(info: ProcessInfo, text: string): Fault | undefined {
    const number = signalNumber(text.toUpperCase());
    if (number === undefined) return "bad signal name";
    if (info.pid === 0) return "not running";
    const letter = SIGNAL_LETTERS[signalName(number)];
    // what supervisors have no letter for goes straight to the process
    const isSent = letter === undefined ? kill(info.pid, number) === 0 : this.#send(info, letter);
    return isSent ? undefined : "failed";
  }

  #logdirs(info: ProcessInfo): readonly string[] {
    const service = this.#serviceOf(info);
    return logdirsOfServices([service], withLogger(service)).get(service.directory) ?? [];
  }

  tail(info: ProcessInfo, bytes: number): Uint8Array<ArrayBuffer> | Fault {
    const [logdir] = this.#logdirs(info);
    if (logdir !== undefined) return lastBytes(logdir, bytes) ?? "failed";
    const [kept] = keptLinesOf([this.#serviceOf(info)], KEPT_LINES);
    return kept === undefined ? "no log file" : kept.bytes.slice(-bytes);
  }

  follow(info: ProcessInfo): Promise<void> {
    const words = ["logs", "-f", "-n", FOLLOWED_LINES, "-t", "raw", "-S", this.#options.scandir];
    this.#run([...words, info.service]);
    return Promise.resolve();
  }

  clear(info: ProcessInfo): Fault | undefined {
    const logdirs = this.#logdirs(info);
    return logdirs.map(emptyLogdir).includes(false) ? "failed" : undefined;
  }

  pid(): number {
    const fd = tryOpenLock(this.#options.scandir, SVSCAN_CTLDIR);
    if (fd < 0) return 0;
    try {
      return lockHolder(fd) ?? 0;
    } finally {
      close(fd);
    }
  }

  #tellScanner(letters: string): void {
    const { scandir } = this.#options;
    const answer = sendCommands(scandir, SVSCAN_CTLDIR, letters);
    if (answer.kind === "ok") return;
    throw new SyscallError(`control ${scandir}`, ENOENT, "no s6-svscan listens there");
  }

  async take(namespecs: readonly string[]): Promise<void> {
    this.#tellScanner("an");
    const isTaken = (): boolean =>
      this.available().every(({ namespec, isInUse }) => isInUse || !namespecs.includes(namespec));
    for (let waitedMs = 0; waitedMs < TAKE_LIMIT_MS && !isTaken(); waitedMs += LOOK_INTERVAL_MS) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_INTERVAL_MS));
    }
  }

  async drop(info: ProcessInfo): Promise<string | undefined> {
    const { scandir } = this.#options;
    const { name, directory } = this.#serviceOf(info);
    if (typeof readlink(directory) === "number") {
      return `${directory} is a directory and no link; move it away, then update`;
    }
    await unlinkService({ scandir, name, wait: true, timeoutMs: STOP_LIMIT_MS });
    return undefined;
  }

  apply({ dryRun }: { readonly dryRun: boolean }): Promise<number | undefined> {
    const { scandir } = this.#options;
    const [found] = liveRecords(scandir, listServices(scandir));
    if (found === undefined) return Promise.resolve(undefined);
    return Promise.resolve(this.#run(["apply", ...(dryRun ? ["-n"] : []), "-l", found.live]));
  }

  /** Runs a command of hexad's, which writes where we do. @returns its exit code */
  #run(words: readonly string[]): number {
    const pid = spawn(this.#options.hexad(words));
    if (pid < 0) throw new SyscallError(`run hexad ${words[0]}`, -pid);
    return wexitstatus(waitFor(pid));
  }

  shutdown(): void {
    this.#tellScanner("t");
  }
}

/** `hexad import` has kept the names for the service's own environment. */
function namesOf({ name: service, directory }: NamedService): ProcessNames {
  const valueOf = (variable: string): string | undefined => {
    try {
      const value = readSmallFile(`${directory}/env/${variable}`, NAME_BYTES);
      return value === undefined ? undefined : firstLine(value);
    } catch (error) {
      if (error instanceof SyscallError) return undefined;
      throw error;
    }
  };
  const name = valueOf("SUPERVISOR_PROCESS_NAME") ?? service;
  return { group: valueOf("SUPERVISOR_GROUP_NAME") ?? name, name };
}
