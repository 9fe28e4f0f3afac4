/**
 * The port on libc and on the container's scan directory.
 *
 * Only scripts and the CMD get standard input; services read from /dev/null. Everything that is
 * started gets this process's environment, which by then is little more than PATH.
 */
import { byBytes } from "../core/text/bytes.ts";
import { ENOENT } from "../core/linux/errno.ts";
import { DEFAULT_LOGGING_SCRIPT } from "./core/logutil_script.ts";
import type { OverlayPaths } from "./core/overlay_paths.ts";
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { SyscallError } from "../libc/bind.ts";
import { startTimer } from "../fifodir/timer.ts";
import { monotonicMs } from "../libc/clock.ts";
import { access, close, F_OK, fchdir, read, readDirectory, unlink } from "../libc/file.ts";
import { isInherited } from "../libc/replace_descriptors.ts";
import { releaseStartupMemory } from "../libc/memory.ts";
import { kill } from "../libc/process.ts";
import { isDirectory, tryStat } from "../libc/stat.ts";
import { isMountedNoexec } from "../libc/mount.ts";
import { syncDisks } from "../libc/durable_file.ts";
import type { ScandirProcess } from "../scandir/scandir_process.ts";
import { bootMark } from "../tree/services.ts";
import { ProcessTable } from "../supervise/process_table.ts";
import { Sweep } from "../supervise/sweep.ts";
import type { EngineOutput } from "./catch_all.ts";
import type { ContainerScandir } from "./container_scandir.ts";
import { loadEnvironment, loadVariable } from "./container_environment.ts";
import { ExitCodeFiles } from "./exit_code_files.ts";
import { runFixAttrs } from "./fix_attrs.ts";
import { logscriptFor } from "./hosted_logutil.ts";
import { type Launch, launch } from "./launch.ts";
import { linkLegacyServices } from "./legacy_services.ts";
import type {
  Child,
  InstalledService,
  LeftoverSweep,
  LifeListener,
  NotStarted,
  OverlayPort,
  OwnSteps,
  ServiceTree,
  Severity,
} from "./port.ts";
import { strangersWorld, watchStrangers } from "./strangers.ts";
import { mayHoldDefinitions, mayHoldServices, SERVICES_DIRECTORY } from "./tree_presence.ts";
import { type OtherProcess, OtherProcesses } from "./other_processes.ts";
import { livePath } from "./run_directory.ts";
import { installServices } from "./service_copy.ts";
import { applySysctl } from "./sysctl.ts";
import type { Terminal } from "./terminal.ts";

export interface SystemOverlayPortOptions {
  readonly settings: OverlaySettings;
  readonly paths: OverlayPaths;
  readonly scandir: ContainerScandir;
  /** The image's working directory. */
  readonly directoryFd: number;
  /** The container's standard input. */
  readonly stdinFd: number;
  readonly terminal: Terminal;
  /** The container's standard output and error, if ours go to the catch-all logger. */
  readonly engine: EngineOutput | undefined;
  /** PATH. */
  readonly path: string;
  /** Where cont-init.d, s6-overlay and so on are. */
  readonly etc: string;
  /** Prints a whole line, at every verbosity. */
  print(text: string): void;
  say(severity: Severity, who: string, text: string): void;
}

export class SystemOverlayPort implements OverlayPort {
  readonly #options: SystemOverlayPortOptions;
  readonly #others = new OtherProcesses();
  readonly #exitCode: ExitCodeFiles;

  constructor(options: SystemOverlayPortOptions) {
    this.#options = options;
    this.#exitCode = new ExitCodeFiles(options.paths, (text) => this.say("warning", "init", text));
  }

  /** Starts supervising. `listener` is told of signals and of orders to end. */
  begin(listener: LifeListener): void {
    this.#options.scandir.begin({
      onEndAsked: (order, essentialCode) => listener.onEndAsked(order, essentialCode),
      onSignal: (name) =>
        (name === "SIGHUP" && this.#options.terminal.isOwnHangup()) || listener.onSignal(name),
    });
  }

  get #process(): ScandirProcess {
    return this.#options.scandir.process;
  }

  monotonicMs(): number {
    return monotonicMs();
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = startTimer(delayMs, callback);
    return () => timer[Symbol.dispose]();
  }

  say(severity: Severity, who: string, text: string): void {
    this.#options.say(severity, who, text);
  }

  endOfFile(fd: number): Promise<void> {
    const { poller } = this.#process;
    if (!isInherited(fd)) return Promise.resolve();
    const ended = Promise.withResolvers<void>();
    const scratch = new Uint8Array(512);
    const finish = (): void => {
      ended.resolve();
      poller.unwatch(fd);
      close(fd);
    };
    try {
      poller.watch(fd, () => {
        if (read(fd, scratch) <= 0) finish();
      });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      ended.resolve(); // a regular file can't be watched
    }
    return ended.promise;
  }

  scripts(directory: string): readonly string[] {
    return this.#visible(directory).map((name) => `${directory}/${name}`).filter((path) => {
      const record = tryStat(path);
      return typeof record === "number" || !isDirectory(record.mode);
    });
  }

  async openTree(own: OwnSteps): Promise<ServiceTree | undefined> {
    const { settings, paths, stdinFd, etc } = this.#options;
    const directory = `${etc}/s6-overlay`;
    const services = `${etc}/${SERVICES_DIRECTORY}`;
    if (
      !mayHoldDefinitions(directory, settings.runtimeBundledir) && !mayHoldServices(services)
    ) return undefined;
    // images without s6-rc do not need it
    const { openServiceTree } = await import("./service_tree.ts");
    return openServiceTree({
      process: this.#process,
      directory,
      bundledir: settings.runtimeBundledir,
      verbosity: settings.verbosity,
      live: livePath(paths),
      scandir: paths.scandir,
      compiled: `${paths.state}/db`,
      stdio: [stdinFd, 1, 2],
      own,
      renderServices: async () => {
        if (!mayHoldServices(services)) return { directory: undefined, notes: [] };
        // its reader of YAML is large
        const { renderImageServices } = await import("./rendered_services.ts");
        return renderImageServices({
          services,
          into: `${paths.state}/rendered`,
          environment: loadEnvironment(paths.containerEnvironment),
        });
      },
      logscriptOf: (servicedir) => logscriptFor(servicedir, () => this.#loggingScript()),
      environment: () => loadEnvironment(paths.containerEnvironment),
      say: this.#options.say,
      print: this.#options.print,
    });
  }

  /** The names in the directory, without dotfiles, sorted by bytes. */
  #visible(directory: string): string[] {
    if (access(directory, F_OK) === -ENOENT) return [];
    try {
      return readDirectory(directory).filter((name) => !name.startsWith(".")).sort(byBytes);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.say("warning", "init", `${error.message} (going on without what is in it)`);
      return [];
    }
  }

  startScript(argv: readonly string[]): Child | NotStarted {
    return this.#start({
      argv,
      fds: [[0, this.#options.stdinFd]],
      newSession: true,
      path: this.#options.path,
    });
  }

  startCommand(argv: readonly string[]): Child | NotStarted {
    const env = this.#commandEnvironment();
    const started = this.#start({
      argv,
      fds: [[0, this.#options.stdinFd], ...this.#commandOutput()],
      path: env?.get("PATH") ?? this.#options.path,
      ...this.#options.terminal.lend(),
      ...(env === undefined ? {} : { env: Array.from(env, ([name, value]) => `${name}=${value}`) }),
    });
    if ("reason" in started) this.commandEnded();
    return started;
  }

  /** Where the CMD writes, if it is not where we write. */
  #commandOutput(): [target: number, source: number][] {
    const { settings, engine, stdinFd, terminal } = this.#options;
    if (engine === undefined) return [];
    if (settings.cmdUseTerminal && terminal.present) return [[1, stdinFd], [2, stdinFd]];
    return settings.logging === 1 ? [[1, engine.stdoutFd], [2, engine.stderrFd]] : [];
  }

  /**
   * The container's environment, with what scripts have added since; undefined if the CMD gets the
   * same environment as everything else.
   */
  #commandEnvironment(): ReadonlyMap<string, string> | undefined {
    const { settings, paths } = this.#options;
    if (!settings.cmdWithContenv || settings.keepEnv) return undefined;
    try {
      return loadEnvironment(paths.containerEnvironment);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.say("warning", "init", `${error.message} (the CMD does without)`);
      return undefined;
    }
  }

  #start(request: Omit<Launch, "warn">): Child | NotStarted {
    fchdir(this.#options.directoryFd);
    const pid = launch({ ...request, warn: (text) => this.say("warning", "init", text) });
    if (typeof pid !== "number") return pid;
    const ended = Promise.withResolvers<number>();
    this.#process.reaper.own(pid, ended.resolve);
    return { pid, ended: ended.promise };
  }

  booted(): void {
    unlink(bootMark(this.#options.paths.scandir));
  }

  settle(): void {
    releaseStartupMemory();
  }

  commandEnded(): void {
    this.#options.terminal.takeBack();
  }

  sweep(pid: number, onLeftovers: (living: number) => void): LeftoverSweep {
    const world = { poller: this.#process.poller, processes: new ProcessTable() };
    const { mishaps } = this.#process;
    return new Sweep(world, {
      id: pid,
      onLeftovers,
      whose: "the CMD",
      warn: (text) => this.say("warning", "init", text),
      onMishap: (error) => mishaps.tell(error),
    });
  }

  kill(pid: number, signal: number): void {
    kill(pid, signal);
  }

  fixAttributes(directory: string): boolean {
    return runFixAttrs(directory, {
      hidden: this.#options.settings.fixAttrsHidden,
      warn: (text) => this.say("warning", "fix-attrs", text),
      info: (text) => this.say("info", "fix-attrs", text),
    });
  }

  applySysctl(): void {
    applySysctl({ root: "", warn: (text) => this.say("warning", "sysctl", text) });
  }

  installServices(directory: string): readonly InstalledService[] {
    const { scandir, state } = this.#options.paths;
    const warn = (text: string): void => this.say("warning", "services-up", text);
    const services = installServices(directory, scandir, {
      link: isMountedNoexec(scandir),
      logscriptFor: (log) => logscriptFor(log, () => this.#loggingScript()),
      warn,
    });
    linkLegacyServices(`${state}/legacy-services`, {
      scandir,
      names: services.map(({ name }) => name),
      warn,
    });
    return services;
  }

  /**
   * S6_LOGGING_SCRIPT as logutil-service would find it now, because a script may have changed it.
   */
  #loggingScript(): string {
    const { settings, paths } = this.#options;
    const script = settings.keepEnv
      ? settings.loggingScript
      : loadVariable(paths.containerEnvironment, "S6_LOGGING_SCRIPT");
    return script ?? DEFAULT_LOGGING_SCRIPT;
  }

  startServices(): void {
    this.#options.scandir.startServices();
  }

  orderServices(names: readonly string[], order: "up" | "down"): readonly string[] {
    return this.#options.scandir.orderServices(names, order);
  }

  onEvents(callback: (name: string, events: string) => void): void {
    this.#options.scandir.onEvents(callback);
  }

  endServices(): Promise<number | undefined> {
    return this.#options.scandir.endServices();
  }

  endLoggers(): Promise<void> {
    return this.#options.scandir.endLoggers();
  }

  #leftProcesses(): readonly OtherProcess[] {
    return this.#others.others(this.#process.scandir.loggerPids);
  }

  leftovers(): readonly number[] {
    return this.#leftProcesses().map(({ pid }) => pid);
  }

  signalLeftovers(signal: number): boolean {
    if (this.#process.scandir.loggerPids.length === 0 && this.#others.signalAll(signal)) {
      return true;
    }
    return this.#others.signal(this.#leftProcesses(), signal);
  }

  signalLoggers(signal: number): void {
    this.#others.signal(this.#others.others([]), signal);
  }

  onLeftoverEnd(callback: () => void): () => void {
    const { reaper, poller } = this.#process;
    reaper.afterDeaths = callback;
    // for processes that entered our namespace from outside, no parent in here is told of their
    // death
    const strangers = this.#leftProcesses().filter(({ ppid }) => ppid === 0).map(({ pid }) => pid);
    const cancel = watchStrangers(strangers, strangersWorld(poller), callback);
    return () => {
      reaper.afterDeaths = undefined;
      cancel();
    };
  }

  recordExitCode(code: number): void {
    this.#exitCode.record(code);
  }

  recordedExitCode(): number | undefined {
    return this.#exitCode.recorded();
  }

  syncDisks(): void {
    syncDisks();
  }
}
