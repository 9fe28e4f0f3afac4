/** The port on libc, and on a scan directory once the services begin. */
import { access, mkdir, readDirectory, X_OK } from "../libc/file.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { byBytes } from "../core/text/bytes.ts";
import { SyscallError } from "../libc/bind.ts";
import { variable } from "../libc/environ.ts";
import { Portions } from "../libc/portions.ts";
import { getpid, hasChildren, kill } from "../libc/process.ts";
import { raiseNofileLimit } from "../libc/resource_limit.ts";
import { isRegular, tryStat } from "../libc/stat.ts";
import { startTimer } from "../fifodir/timer.ts";
import { launch } from "../overlay/launch.ts";
import { OtherProcesses } from "../overlay/other_processes.ts";
import type { Child } from "../overlay/port.ts";
import { Reaper } from "../processes/reaper.ts";
import { scanOnChange } from "../scandir/directory_watch.ts";
import { ScandirProcess, type ScandirProcessOptions } from "../scandir/scandir_process.ts";
import { takeScandir } from "../scandir/system.ts";
import { ContainerVariables } from "./container_variables.ts";
import type { ImportRule, MyInitPort } from "./port.ts";

const SERVICES_MAX = 1000;
const NAME_MAX = 251;
const USUAL_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** The exit code of a shell for what it can't execute, as a wait status. */
const NOT_STARTED = 127 << 8;

export interface SystemMyInitPortOptions
  extends Pick<ScandirProcessOptions, "setlock" | "logHost" | "distantSupervisor"> {
  /** Where container_environment and service are: /etc. */
  readonly etc: string;
  /** Prints a whole line on standard error. */
  print(text: string): void;
  /** SIGTERM or SIGINT has come. */
  onInterrupt(): void;
}

export class SystemMyInitPort implements MyInitPort {
  readonly pid = getpid();
  readonly #options: SystemMyInitPortOptions;
  readonly #others = new OtherProcesses();
  readonly #variables: ContainerVariables;
  #reaper: Reaper;
  #process: ScandirProcess | undefined;
  #loopEnd: Promise<void> | undefined;
  #onServiceEvents: () => void = () => {};

  /** Listens for signals from now on. */
  constructor(options: SystemMyInitPortOptions) {
    this.#options = options;
    this.#variables = new ContainerVariables(options.etc, (text) => this.#warn(text));
    this.#reaper = new Reaper(new Portions((turn) => setTimeout(turn)));
    Deno.addSignalListener("SIGCHLD", () => this.#reaper.reap());
    for (const name of ["SIGTERM", "SIGINT"] as const) {
      Deno.addSignalListener(name, () => options.onInterrupt());
    }
  }

  #warn(text: string): void {
    this.#options.print(`my_init: warning: ${text}`);
  }

  say(text: string): void {
    this.#options.print(text);
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = startTimer(delayMs, callback);
    return () => timer[Symbol.dispose]();
  }

  importEnvironment(rule: ImportRule): void {
    this.#variables.import(rule);
  }

  exportEnvironment(intoDirectory: boolean): void {
    this.#variables.export(intoDirectory);
  }

  executables(directory: string): readonly string[] {
    try {
      return readDirectory(directory).sort(byBytes).map((name) => `${directory}/${name}`)
        .filter((path) => this.isExecutable(path));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.errno !== ENOENT) this.#warn(`${error.message} (going on without what is in it)`);
      return [];
    }
  }

  isExecutable(path: string): boolean {
    const record = tryStat(path);
    return typeof record !== "number" && isRegular(record.mode) && access(path, X_OK) === 0;
  }

  start(argv: readonly string[]): Child {
    const path = variable("PATH") ?? USUAL_PATH;
    const pid = launch({ argv, path, warn: (text) => this.#warn(text) });
    if (typeof pid !== "number") {
      this.#warn(pid.reason);
      return { pid: 0, ended: Promise.resolve(NOT_STARTED) };
    }
    const ended = Promise.withResolvers<number>();
    this.#reaper.own(pid, ended.resolve);
    return { pid, ended: ended.promise };
  }

  kill(pid: number, signal: number): void {
    if (pid > 0) kill(pid, signal);
  }

  startServices(onEnd: (code: number) => void): void {
    const { etc, setlock, logHost, distantSupervisor } = this.#options;
    const path = `${etc}/service`;
    mkdir(path, 0o755);
    const control = takeScandir(path, { withEntrance: false });
    raiseNofileLimit();
    const process = this.#process = new ScandirProcess({
      control,
      servicesMax: SERVICES_MAX,
      nameMax: NAME_MAX,
      signalOrders: { SIGHUP: { kind: "scan", prune: true } },
      caretaker: {
        onEndAsked: () => onEnd(process.scandir.exitCode ?? 0),
        onServicesEnded: () => process.scandir.dismiss(),
      },
      setlock,
      logHost,
      ...(distantSupervisor === undefined ? {} : { distantSupervisor }),
      warn: (text) => this.#warn(text),
      warnOfService: (name, text) => this.#options.print(`s6-supervise ${name}: warning: ${text}`),
      onEvents: () => this.#onServiceEvents(),
    });
    this.#reaper = process.reaper;
    process.listen();
    scanOnChange(process, { path, command: "h" });
    this.#loopEnd = process.run();
  }

  /** The names of the services that are not down. */
  #up(): readonly string[] {
    const scandir = this.#process?.scandir;
    return scandir?.services.filter(({ name, isLogger }) => {
      const state = isLogger ? undefined : scandir.supervisorOf(name)?.state;
      return state !== undefined && state !== "DOWN";
    }).map(({ name }) => name) ?? [];
  }

  #order(names: readonly string[], letter: "d" | "k"): void {
    for (const name of names) this.#process?.scandir.supervisorOf(name)?.handle(letter);
  }

  async stopServices(limitMs: number): Promise<void> {
    const services = this.#process?.scandir.services ?? [];
    const down = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#up().length === 0) down.resolve();
    };
    // an event comes before the state that it is about
    this.#onServiceEvents = () => queueMicrotask(look);
    this.#order(services.filter(({ isLogger }) => !isLogger).map(({ name }) => name), "d");
    look();
    const timer = startTimer(limitMs, () => this.#order(this.#up(), "k"));
    await down.promise;
    timer[Symbol.dispose]();
  }

  signalAll(signal: number): void {
    const spared = this.#process?.scandir.loggerPids ?? [];
    if (spared.length === 0 && this.#others.signalAll(signal)) return;
    this.#others.signal(this.#others.others(spared), signal);
  }

  async endSupervision(): Promise<void> {
    this.#process?.scandir.terminate(false);
    await this.#loopEnd;
    const alone = Promise.withResolvers<void>();
    const look = (): void => {
      if (!hasChildren()) alone.resolve();
    };
    this.#reaper.afterDeaths = look;
    look();
    await alone.promise;
  }
}
