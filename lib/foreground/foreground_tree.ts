/**
 * A tree of services that lasts as long as the command that shows it: it is made in a directory of
 * its own, runs in the foreground with the names and the times before the lines, and is removed at
 * the end.
 *
 * What is told of a process (`started with pid 12`) is written
 * into the pipe that it writes to, so that it stands before and behind the right lines.
 */
import { exitStatusOf } from "../core/linux/wstat.ts";
import { isReady, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";
import type { SupervisorHandle } from "../scandir/port.ts";
import {
  ScandirProcess,
  type ScandirProcessOptions,
  type ServiceCompanion,
} from "../scandir/scandir_process.ts";
import type { ScandirControl } from "../scandir/system.ts";
import type { Event } from "../supervise/core/machine.ts";
import type { Stdio } from "../supervise/port.ts";
import { endLine, startedLine } from "./core/life_lines.ts";

/** Services with an order among them, which another part of the program brings up and down. */
export interface OrderedServices {
  readonly companion: ServiceCompanion;
  /** Some come up or go down now. */
  readonly isBusy: boolean;
  /** It handles what others write, and would wait for that for ever. */
  isReader(name: string): boolean;
  /** Brings all down, in their order. */
  down(): Promise<unknown>;
}

export interface ForegroundOptions extends
  Pick<
    ScandirProcessOptions,
    "setlock" | "logHost" | "distantSupervisor" | "warn" | "warnOfService"
  > {
  /** The scan directory that has been taken. */
  readonly control: ScandirControl;
  /** The longest name of a service, in characters. */
  readonly nameWidth: number;
  /** The first end of a process does not end the others. */
  readonly keepsGoing: boolean;
  /** It goes on when all have ended, since something may start them again. */
  readonly staysIdle: boolean;
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
  #ordered: OrderedServices | undefined;
  #isEnding = false;
  #exitCode: number | undefined;

  /** @throws {SyscallError} If there are no descriptors left. */
  constructor(options: ForegroundOptions) {
    this.#options = options;
    const { nameWidth, setlock, logHost, distantSupervisor, warn, warnOfService } = options;
    this.#process = new ScandirProcess({
      control: options.control,
      servicesMax: SERVICES_MAX,
      nameMax: NAME_MAX,
      outputForm: { kind: "time", width: nameWidth },
      signalOrders: SIGNAL_ORDERS,
      caretaker: {
        onEndAsked: () => this.#endAsked("told to end"),
        onServicesEnded: () => this.#process.scandir.dismiss(),
      },
      setlock,
      logHost,
      ...(distantSupervisor === undefined ? {} : { distantSupervisor }),
      warn,
      warnOfService,
    });
    this.#process.companion = this;
  }

  /** What supervises, for whoever brings services into it. */
  get process(): ScandirProcess {
    return this.#process;
  }

  /** From now on these services are brought down before all the others. */
  follow(ordered: OrderedServices): void {
    this.#ordered = ordered;
    this.#process.companion = this;
  }

  /**
   * Runs until everything has ended. Resolves to the exit code of an essential service; else that
   * of the process that was the first to end by itself, among ordered services that failed, 128 +
   * signal for a signal; 0 if none did before we were told to end.
   */
  async run(): Promise<number> {
    this.#process.listen((signal) => this.#onSignal(signal));
    await this.#process.run();
    return this.#process.scandir.exitCode ?? this.#exitCode ?? 0;
  }

  /** Ends if nothing runs any more and nothing will. */
  endIfIdle(): void {
    if (this.#isEnding || this.#options.staysIdle || this.#ordered?.isBusy === true) return;
    const isIdle = this.#supervisors().every(({ name, supervisor: { state, status } }) =>
      state === "DOWN" && !status.flagwantup || this.#ordered?.isReader(name) === true
    );
    if (isIdle) this.#end("all have ended");
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

  worksOn(name: string): boolean {
    return this.#ordered?.companion.worksOn(name) ?? true;
  }

  givenStdio(name: string, pipeFd: number | undefined): Stdio | undefined {
    if (pipeFd !== undefined) this.#pipes.set(name, pipeFd);
    return this.#ordered?.companion.givenStdio(name, pipeFd);
  }

  onUnspawnable(name: string, code: number, reason: string): void {
    this.#ordered?.companion.onUnspawnable(name, code, reason);
  }

  onEvents(name: string, events: string): void {
    // the scan directory does not know a supervisor yet whose service starts for the first time
    if (events.includes("u")) queueMicrotask(() => this.#started(name));
    const supervisor = this.#process.scandir.supervisorOf(name);
    if (supervisor !== undefined) {
      if (events.includes("d")) this.#tell(name, endLine(supervisor.status.wstat));
      if (events.includes("O")) queueMicrotask(() => this.#ended(name, supervisor));
    }
    if (events.includes("x")) this.#pipes.delete(name);
    this.#ordered?.companion.onEvents(name, events);
  }

  #started(name: string): void {
    const pid = this.#process.scandir.supervisorOf(name)?.pid ?? 0;
    if (pid > 0) this.#tell(name, startedLine(pid));
  }

  #ended(name: string, { status: { wstat } }: SupervisorHandle): void {
    if (this.#isEnding) return;
    const code = exitStatusOf(wstat);
    // an ordered service may well be there to do its work and end
    if (code !== 0 || this.#ordered === undefined) this.#exitCode ??= code;
    if (!this.#options.keepsGoing) this.#end(`${name} has ended: ending the others`);
    else this.endIfIdle();
  }

  #onSignal(signal: string): boolean {
    const forwarded = FORWARDED[signal];
    if (forwarded !== undefined) this.#orderAll(forwarded);
    if (!ENDING.has(signal)) return forwarded !== undefined;
    this.#endAsked(signal);
    return true;
  }

  #endAsked(why: string): void {
    if (!this.#isEnding) return this.#end(`${why}: ending all`);
    this.#options.note(`${why} again: killing what is left`);
    this.#orderAll("k");
  }

  #end(text: string): void {
    this.#isEnding = true;
    this.#options.note(text);
    const terminate = (): void => this.#process.scandir.terminate(false);
    if (this.#ordered === undefined) terminate();
    else this.#ordered.down().then(terminate, terminate);
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
