/**
 * A tree of services that lasts as long as the command that shows it: it is made in a directory of
 * its own, runs in the foreground with the names and the times before the lines, and is removed at
 * the end.
 *
 * Nothing is started again by itself. What is told of a process (`started with pid 12`) is written
 * into the pipe that it writes to, so that it stands before and behind the right lines.
 */
import { exitStatusOf, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { signalName } from "../core/linux/signals.ts";
import { isReady, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";
import type { SupervisorHandle } from "../scandir/port.ts";
import {
  ScandirProcess,
  type ScandirProcessOptions,
  type ServiceCompanion,
} from "../scandir/scandir_process.ts";
import { takeScandir } from "../scandir/system.ts";
import type { Event } from "../supervise/core/machine.ts";
import type { Stdio } from "../supervise/port.ts";

export interface ForegroundOptions extends
  Pick<
    ScandirProcessOptions,
    "setlock" | "logHost" | "distantSupervisor" | "warn" | "warnOfService"
  > {
  /** The scan directory, with all of its services. */
  readonly directory: string;
  /** The longest name of a service, in characters. */
  readonly nameWidth: number;
  /** The first end of a process does not end the others. */
  readonly keepsGoing: boolean;
  /** When all have ended there may still be more: a file that changes starts them again. */
  readonly isWatching: boolean;
  /** Says something about the tree. */
  note(text: string): void;
}

const SERVICES_MAX = 4000;
const NAME_MAX = 251;
const ENDING = new Set(["SIGINT", "SIGTERM", "SIGHUP"]);
const FORWARDED: Readonly<Record<string, Event>> = { SIGUSR1: "1", SIGUSR2: "2" };
const SIGNAL_ORDERS = Object.fromEntries(
  [...ENDING, ...Object.keys(FORWARDED)].map((name) => [name, undefined]),
);

export class ForegroundTree implements ServiceCompanion {
  readonly #options: ForegroundOptions;
  readonly #process: ScandirProcess;
  /** Where each service writes to. */
  readonly #pipes = new Map<string, number>();
  #isEnding = false;
  #exitCode: number | undefined;

  /** @throws {SyscallError | UnsuitableError} If the directory can't be taken. */
  constructor(options: ForegroundOptions) {
    this.#options = options;
    const { nameWidth, setlock, logHost, distantSupervisor, warn, warnOfService } = options;
    this.#process = new ScandirProcess({
      control: takeScandir(options.directory),
      servicesMax: SERVICES_MAX,
      nameMax: NAME_MAX,
      outputForm: { kind: "time", width: nameWidth },
      signalOrders: SIGNAL_ORDERS,
      setlock,
      logHost,
      ...(distantSupervisor === undefined ? {} : { distantSupervisor }),
      warn,
      warnOfService,
    });
    this.#process.companion = this;
  }

  /**
   * Runs until everything has ended. Resolves to the exit code of the process that was the first to
   * end by itself, 128 + signal for a signal; 0 if none did before we were told to end.
   */
  async run(): Promise<number> {
    this.#process.listen((signal) => this.#onSignal(signal));
    await this.#process.run();
    return this.#exitCode ?? 0;
  }

  /** Starts these services again, or all. */
  restart(isMeant: (name: string) => boolean): void {
    if (this.#isEnding) return;
    for (const { name, supervisor } of this.#supervisors()) {
      if (!isMeant(name)) continue;
      // what runs is told to end, and what has ended starts
      supervisor.handle("r");
      supervisor.handle("u");
    }
  }

  worksOn(): boolean {
    return true;
  }

  givenStdio(name: string, pipeFd: number | undefined): Stdio | undefined {
    if (pipeFd !== undefined) this.#pipes.set(name, pipeFd);
    return undefined;
  }

  onUnspawnable(): void {
    // s6-svscan has warned
  }

  onEvents(name: string, events: string): void {
    // the scan directory does not know a supervisor yet whose service starts for the first time
    if (events.includes("u")) queueMicrotask(() => this.#started(name));
    const supervisor = this.#process.scandir.supervisorOf(name);
    if (supervisor === undefined) return;
    if (events.includes("d")) this.#tell(name, endText(supervisor.status.wstat));
    if (events.includes("O")) queueMicrotask(() => this.#ended(name, supervisor));
    if (events.includes("x")) this.#pipes.delete(name);
  }

  #started(name: string): void {
    const pid = this.#process.scandir.supervisorOf(name)?.pid ?? 0;
    if (pid > 0) this.#tell(name, `started with pid ${pid}`);
  }

  #ended(name: string, { status: { wstat } }: SupervisorHandle): void {
    if (this.#isEnding) return;
    this.#exitCode ??= exitStatusOf(wstat);
    if (!this.#options.keepsGoing) this.#end(`${name} has ended: ending the others`);
    else if (!this.#options.isWatching && this.#isAllOver()) this.#end("all have ended");
  }

  #isAllOver(): boolean {
    return this.#supervisors().every(({ supervisor: { state, status } }) =>
      state === "DOWN" || !status.flagwantup
    );
  }

  #onSignal(signal: string): boolean {
    const forwarded = FORWARDED[signal];
    if (forwarded !== undefined) this.#orderAll(forwarded);
    if (!ENDING.has(signal)) return forwarded !== undefined;
    if (!this.#isEnding) this.#end(`${signal}: ending all`);
    else {
      this.#options.note(`${signal} again: killing what is left`);
      this.#orderAll("k");
    }
    return true;
  }

  #end(text: string): void {
    this.#isEnding = true;
    this.#options.note(text);
    this.#process.scandir.terminate(false);
  }

  #orderAll(event: Event): void {
    for (const { supervisor } of this.#supervisors()) supervisor.handle(event);
  }

  #supervisors(): { readonly name: string; readonly supervisor: SupervisorHandle }[] {
    const { scandir } = this.#process;
    return scandir.services.flatMap(({ name }) => {
      const supervisor = scandir.supervisorOf(name);
      return supervisor === undefined ? [] : [{ name, supervisor }];
    });
  }

  /** Never waits: if the pipe is full, then without this line. */
  #tell(name: string, text: string): void {
    const fd = this.#pipes.get(name);
    if (fd !== undefined && isReady(fd, POLLOUT)) write(fd, new TextEncoder().encode(`${text}\n`));
  }
}

function endText(wstat: number): string {
  return wifsignaled(wstat)
    ? `terminated by ${signalName(wtermsig(wstat))}`
    : `exited with code ${exitStatusOf(wstat)}`;
}
