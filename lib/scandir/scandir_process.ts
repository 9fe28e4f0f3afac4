/**
 * A process that supervises a scan directory: the loop with everything that wakes it, namely
 * signals, the control FIFO, the deaths of children and a timer. s6-svscan is exactly this; /init
 * adds a container's life around it.
 */
import type { ScandirOrder, ScanLimits } from "./core/scandir.ts";
import { SIGNAL_ORDERS } from "./core/scandir.ts";
import { SVSCAN_CTLDIR } from "./core/svscan_names.ts";
import { Poller } from "../libc/epoll.ts";
import { Listener, type ListenerOptions } from "../files/listener.ts";
import { listenIn } from "../files/sockets.ts";
import { COUNTS_SOCKET } from "../counters/core/counts_protocol.ts";
import { Histogram } from "../counters/core/histogram.ts";
import { answerCounts, ownHeap } from "../loghost/counts_answer.ts";
import { releaseStartupMemory } from "../libc/memory.ts";
import { askLastLines, type LastLinesOf } from "../keptoutput/ask_last_lines.ts";
import { KEPT_SOCKET } from "../keptoutput/core/kept_protocol.ts";
import { SyscallError } from "../libc/bind.ts";
import { dupAbove } from "../libc/fd.ts";
import { close, fchdir, read } from "../libc/file.ts";
import { packetSocketPair } from "../libc/socket/packet.ts";
import type { LogHostWorld } from "../loghost/host_process.ts";
import { HostRecord } from "../loghost/host_record.ts";
import { endFormerHosts } from "../loghost/former_hosts.ts";
import { logHostsPort } from "../loghost/host_process.ts";
import { LogHosts } from "../loghost/hosts.ts";
import { LifeKeeper } from "../supervise/life_keeper.ts";
import { OomCounter } from "../supervise/oom_counter.ts";
import { ProcessTable } from "../supervise/process_table.ts";
import { Reaper } from "../processes/reaper.ts";
import type { Stdio } from "../supervise/port.ts";
import type { World } from "../supervise/world.ts";
import { spreadLastNet } from "../mishap/last_net.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import { acceptSignals } from "../libc/exec.ts";
import type { Caretaker } from "./caretaker.ts";
import type { Handover } from "./core/handover.ts";
import { REEXEC_ORDER } from "./core/scandir.ts";
import { Reexec, type Successor } from "./reexec.ts";
import { Scandir } from "./scandir.ts";
import { serviceCounts } from "./service.ts";
import type { SupervisorCommand } from "./distant_supervisor.ts";
import type { OutputForm } from "../logreader/core/service_line.ts";
import type { ScandirControl } from "./system.ts";
import { SystemScandirPort } from "./system.ts";

export interface ScandirProcessOptions extends ScanLimits {
  readonly control: ScandirControl;
  /** The interval of periodic scans; absent: only on request. */
  readonly rescanMs?: number;
  /** The standard error of the catch-all logger. */
  readonly consoleFd?: number;
  /** The container's standard output, if it is neither ours nor the console. */
  readonly containerFd?: number;
  /**
   * The output of services without a logger goes to our standard output with their names, as text
   * or as JSON.
   */
  readonly outputForm?: OutputForm;
  /** The meaning of signals; absent: that of s6-svscan. */
  readonly signalOrders?: Readonly<Record<string, ScandirOrder | undefined>>;
  /** Ends the tree; absent: signals and orders end it directly. */
  readonly caretaker?: Caretaker;
  /** The program that may take the place of this one; absent: none can. */
  readonly successor?: Successor;
  /** What the program before this one in the same process has handed over. */
  readonly heritage?: Handover;
  readonly setlock: World["setlock"];
  /** The command that runs this program as a log host, with these arguments. */
  readonly logHost: LogHostWorld["logHost"];
  /** See SystemScandirPortOptions. */
  distantSupervisor?(args: readonly string[]): SupervisorCommand;
  warn(text: string): void;
  warnOfService(name: string, text: string): void;
  /**
   * Called once the first services have started, in place of giving back memory that only the start
   * needed.
   */
  settle?(): void;
  /** Receives the events of every service, named as in the scan directory: `web`, `web/log`. */
  onEvents?(name: string, events: string): void;
}

/** Code that manages services of the scan directory too, as s6-rc does. */
export interface ServiceCompanion {
  /** Whether it must be told of that service's events at once. */
  worksOn(name: string): boolean;
  /** Receives events of a service, at the same moment as its listeners. */
  onEvents(name: string, events: string): void;
  /** Its ./run can't be executed. */
  onUnspawnable(name: string, code: number, reason: string): void;
  /** The ends of pipes that are held for it; `pipeFd`: where it would write, if that is a pipe. */
  givenStdio(name: string, pipeFd: number | undefined): Stdio | undefined;
}

const READ_SIZE = 512;
/** So many must be left before counts can be asked for. */
const SPARE_DESCRIPTORS = 8;

export class ScandirProcess {
  readonly poller: Poller;
  readonly reaper: Reaper;
  readonly scandir: Scandir;
  readonly #reexec: Reexec;
  companion: ServiceCompanion | undefined;
  /** Exceptions of the process that belong to no particular service. */
  readonly mishaps: Mishaps;
  readonly #options: ScandirProcessOptions;
  readonly #logHosting: LogHosts;
  readonly #startTimes = { starts: new Histogram(), readiness: new Histogram() };
  #listensForReaders = false;

  /** @throws {SyscallError} If there are no descriptors left. */
  constructor(options: ScandirProcessOptions) {
    this.#options = options;
    this.mishaps = spreadLastNet(options.warn);
    const onMishap = (error: unknown): void => this.mishaps.tell(error);
    const poller = this.poller = new Poller({ onMishap });
    const reaper = this.reaper = new Reaper(poller.portions, { onMishap });
    const { consoleFd, containerFd, outputForm, logHost, warn } = options;
    const { lockFd } = options.control;
    const lives = new LifeKeeper(lockFd, warn);
    const record = new HostRecord(lockFd, lives.world);
    const logHosting = this.#logHosting = new LogHosts(
      logHostsPort({
        poller,
        reaper,
        consoleFd,
        containerFd,
        logHost,
        record,
        // later, since it changes the current directory
        onKeeping: () =>
          queueMicrotask(() => void this.mishaps.survives(() => this.#listenForReaders())),
        warn,
      }),
    );
    fchdir(options.control.dirFd);
    const port: SystemScandirPort = new SystemScandirPort({
      control: options.control,
      nameMax: options.nameMax,
      formerPipes: endFormerHosts({ record, reaper, logHost, warn }),
      onTimer: () => this.scandir.wake(),
      warn: options.warn,
      ...(outputForm === undefined ? {} : { outputForm }),
      settle: () => {
        // later than the first starts, which nobody has to wait for
        this.mishaps.survives(() => this.#listenForQuestions());
        const { settle = releaseStartupMemory } = options;
        settle();
      },
      ...(options.distantSupervisor === undefined
        ? {}
        : { distantSupervisor: options.distantSupervisor }),
      isCompanions: (name) => this.companion?.worksOn(name) === true,
      world: {
        poller,
        reaper,
        logHosting,
        processes: new ProcessTable(),
        oom: new OomCounter(),
        lives,
        startTimes: this.#startTimes,
        setlock: options.setlock,
        warn: options.warnOfService,
        onEvents: (name, events) => {
          this.mishaps.survives(() => options.onEvents?.(name, events));
          this.mishaps.survives(() => this.companion?.onEvents(name, events));
        },
        onUnspawnable: (name, code, reason) =>
          void this.mishaps.survives(() => this.companion?.onUnspawnable(name, code, reason)),
      },
    });
    this.scandir = new Scandir(port, {
      ...options,
      namesOutput: outputForm !== undefined,
      givenStdio: (name, pipeFd) =>
        this.mishaps.guard(() => this.companion?.givenStdio(name, pipeFd), undefined),
      onLeave: () => poller.stop(),
    });
    this.#reexec = new Reexec({
      successor: options.successor,
      scandir: this.scandir,
      control: options.control,
      reaper,
      logHosting,
      consoleFd,
      obstacle: () => this.#obstacle(),
      warn,
    });
  }

  #obstacle(): string | undefined {
    if (this.companion !== undefined) return "s6-rc's live folders are here";
    return this.#options.outputForm === undefined ? undefined : "it has --logging-prefix";
  }

  /**
   * Starts listening. `onSignal` gets each signal before the scan directory does, and returns
   * whether it has handled the signal.
   */
  listen(onSignal: (name: string) => boolean = () => false): void {
    const { scandir, poller } = this;
    const { controlFd } = this.#options.control;
    const names = [
      "SIGCHLD",
      "SIGALRM",
      "SIGABRT",
      ...Object.keys(this.#options.signalOrders ?? SIGNAL_ORDERS),
    ];
    for (const name of names) {
      // an exception in a listener would stop all further signals of that name
      Deno.addSignalListener(name as Deno.Signal, () => {
        if (!this.mishaps.guard(() => onSignal(name), false)) scandir.signal(name);
      });
    }
    poller.watch(controlFd, () => this.#readControl(controlFd));
    // else as soon as there is something to be asked for
    if (this.#options.outputForm !== undefined) this.#listenForReaders();
  }

  #readControl(fd: number): void {
    const bytes = new Uint8Array(READ_SIZE);
    const given = bytes.subarray(0, Math.max(0, read(fd, bytes)));
    const orders = given.filter((byte) => byte !== REEXEC_ORDER);
    if (orders.length > 0) this.scandir.command(...orders);
    if (orders.length < given.length) this.#reexec.begin();
  }

  /** Clients ask for the last lines of services whose output is kept. */
  #listenForReaders(): void {
    if (this.#listensForReaders) return;
    this.#listensForReaders = true;
    this.#listen(KEPT_SOCKET, {
      whom: "a reader of output",
      onClient: (fd) => this.#logHosting.serveReader(fd),
      without: "hexad logs can't show what services without a logger have written",
    });
  }

  /** Clients ask what has been counted: lib/counters. */
  #listenForQuestions(): void {
    if (!hasSpare(this.#options.control.dirFd)) return;
    this.#listen(COUNTS_SOCKET, {
      whom: "one who asks for counts",
      onClient: (fd) => this.#tellCounts(fd),
      without: "metrics are without what is counted in memory",
    });
  }

  #listen(
    name: string,
    { without, ...client }: Pick<ListenerOptions, "whom" | "onClient"> & {
      readonly without: string;
    },
  ): void {
    const { control, warn } = this.#options;
    try {
      fchdir(control.dirFd);
      const fd = listenIn(SVSCAN_CTLDIR, name);
      new Listener({ poller: this.poller, fd, warn, ...client });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      warn(`${error.message} (${without})`);
    }
  }

  #tellCounts(fd: number): void {
    this.#logHosting.tellCounts(fd);
    const { starts, readiness } = this.#startTimes;
    answerCounts(fd, this.poller, {
      from: "s6-svscan",
      pid: Deno.pid,
      heap: ownHeap(),
      tree: { starts: starts.taken, readiness: readiness.taken },
      services: serviceCounts(this.scandir.services),
      logs: [],
    });
  }

  /**
   * Calls back, later, with the last lines of each service whose output is kept. This costs nothing
   * where nothing is kept.
   */
  lastLines(onLines: (lines: LastLinesOf) => void): void {
    try {
      if (!this.#listensForReaders) return queueMicrotask(() => onLines(new Map()));
      const [ours, theirs] = packetSocketPair();
      this.#logHosting.serveReader(theirs);
      askLastLines(ours, this.poller, onLines);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error; // no descriptor is left
      queueMicrotask(() => onLines(new Map()));
    }
  }

  /** Scans and supervises until the loop is told to leave, whatever exceptions occur. */
  async run(): Promise<void> {
    // The loop comes first: it makes the runtime start its thread, which would be fatal once the
    // services have used up the process limit.
    const loop = this.poller.run();
    const { heritage } = this.#options;
    if (heritage !== undefined) {
      this.#logHosting.goOnWith(heritage.logHosts);
      this.scandir.goOn(heritage);
      acceptSignals();
      this.reaper.reap(); // the runtime may have missed what SIGCHLD said
    }
    this.scandir.wake();
    await this.mishaps.outlast(loop, () => this.poller.run());
  }
}

/** The last descriptors are for scans and services. @param fd Any that is open */
function hasSpare(fd: number): boolean {
  const copies = Array.from({ length: SPARE_DESCRIPTORS }, () => dupAbove(fd, 0));
  const opened = copies.filter((copy) => copy >= 0);
  opened.forEach(close);
  return opened.length === copies.length;
}
