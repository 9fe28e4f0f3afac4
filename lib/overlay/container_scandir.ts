/**
 * The scan directory of a container: this process supervises it, and only the container's life may
 * end it. Signals and orders to end go to that life.
 */
import { outputFormNamed } from "../logreader/core/service_line.ts";
import { CATCHALL_LOGGER } from "../scandir/core/svscan_names.ts";
import type { ScandirOrder } from "../scandir/core/scandir.ts";
import type { EndOrder } from "../scandir/caretaker.ts";
import type { ScandirProcessOptions } from "../scandir/scandir_process.ts";
import { ScandirProcess } from "../scandir/scandir_process.ts";
import type { ScandirControl } from "../scandir/system.ts";
import type { World } from "../supervise/world.ts";
import type { EngineOutput } from "./catch_all.ts";
import type { LifeListener, Severity } from "./port.ts";

const SERVICES_MAX = 1000;
const NAME_MAX = 251;
const RESCAN = "a".charCodeAt(0);

/**
 * What signals mean to /init. Source: s6-linux-init, s6-linux-init-maker.c; for us all ways to stop
 * are the same.
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

export interface ContainerScandirOptions {
  readonly control: ScandirControl;
  /** The container's standard output and error, if ours go to the catch-all logger. */
  readonly engine: EngineOutput | undefined;
  /** S6_LOGGING_PREFIX; empty: no prefix. */
  readonly loggingPrefix: string;
  readonly setlock: World["setlock"];
  readonly logHost: ScandirProcessOptions["logHost"];
  readonly distantSupervisor: NonNullable<ScandirProcessOptions["distantSupervisor"]>;
  say(severity: Severity, who: string, text: string): void;
  /** Prints a whole line on standard error or another descriptor, at every verbosity. */
  print(text: string, fd?: number): void;
}

export class ContainerScandir {
  readonly process: ScandirProcess;
  readonly #options: ContainerScandirOptions;
  readonly #servicesEnded = Promise.withResolvers<number | undefined>();
  #loopEnd: Promise<void> | undefined;
  #listener: LifeListener | undefined;
  #onEvents: (name: string, events: string) => void = () => {};

  /** @throws {SyscallError} If there are no descriptors left. */
  constructor(options: ContainerScandirOptions) {
    const { control, engine, loggingPrefix, setlock, logHost, distantSupervisor, say } = options;
    this.#options = options;
    const outputForm = outputFormNamed(loggingPrefix);
    this.process = new ScandirProcess({
      control,
      servicesMax: SERVICES_MAX,
      nameMax: NAME_MAX,
      signalOrders: SIGNAL_ORDERS,
      ...(engine === undefined ? {} : { consoleFd: engine.stderrFd, containerFd: engine.stdoutFd }),
      ...(outputForm === undefined ? {} : { outputForm }),
      caretaker: {
        onEndAsked: (order) => this.#endAsked(order),
        onServicesEnded: () => this.#servicesEnded.resolve(this.process.scandir.exitCode),
      },
      setlock,
      logHost,
      distantSupervisor,
      settle: () => {}, // the start is over when the CMD runs
      warn: (text) => say("warning", "s6-svscan", text),
      warnOfService: (name, text) => this.#warnOfService(name, text),
      onEvents: (name, events) => this.#onEvents(name, events),
    });
  }

  #warnOfService(name: string, text: string): void {
    const { engine, print, say } = this.#options;
    // a warning that the catch-all logger can't run must not go to the catch-all logger
    if (name.startsWith(CATCHALL_LOGGER)) {
      print(`s6-supervise ${name}: warning: ${text}`, engine?.stderrFd);
    } else say("warning", `s6-supervise ${name}`, text);
  }

  #endAsked(order: EndOrder): void {
    this.#listener?.onEndAsked(order, this.process.scandir.exitCode);
  }

  /** Starts supervising. `listener` is told of signals and of orders to end. */
  begin(listener: LifeListener): void {
    this.#listener = listener;
    this.process.listen((name) => listener.onSignal(name));
    this.#loopEnd = this.process.run();
  }

  /** Starts the services in the scan directory that are not running yet. */
  startServices(): void {
    this.process.scandir.command(RESCAN);
  }

  /** Orders services up or down. @returns the names of those that are not in that state yet */
  orderServices(names: readonly string[], order: "up" | "down"): readonly string[] {
    return names.filter((name) => {
      const supervisor = this.process.scandir.supervisorOf(name);
      supervisor?.handle(order === "up" ? "u" : "d");
      return supervisor !== undefined && (supervisor.state === "DOWN") !== (order === "down");
    });
  }

  /** Calls back with each event of a service, such as `u` or `dD`. */
  onEvents(callback: (name: string, events: string) => void): void {
    this.#onEvents = callback;
  }

  /**
   * Ends every service and logger except the catch-all logger. Resolves when they have ended, with
   * the exit code of an essential service that died by itself before, perhaps as its ./finish
   * decided.
   */
  endServices(): Promise<number | undefined> {
    this.process.scandir.terminate(false);
    return this.#servicesEnded.promise;
  }

  /** Lets the catch-all logger end too. Resolves when nothing is supervised any more. */
  async endLoggers(): Promise<void> {
    this.process.scandir.dismiss();
    await this.#loopEnd;
  }
}
