/**
 * What a container's life needs from the world. `system.ts` implements it on libc and the scan
 * directory; tests have an implementation in memory. A call that fails prints its own warning and
 * returns a result that says so.
 */
import type { EndOrder } from "../scandir/caretaker.ts";
import type { StartedService } from "./core/boot_summary.ts";

/** A program that has been started. `ended` resolves with the raw wait status when it dies. */
export interface Child {
  readonly pid: number;
  readonly ended: Promise<number>;
}

/**
 * It could not be started. `code` is the exit code that a shell would have: 127 if there is no such
 * program, otherwise 126.
 */
export interface NotStarted {
  readonly reason: string;
  readonly code: 126 | 127;
}

export interface InstalledService {
  readonly name: string;
  /** It has a notification-fd, so it can be known to be ready and not only up. */
  readonly tellsReadiness: boolean;
  /** It has a `down` file, so the boot does not wait for it. */
  readonly down: boolean;
}

/** Ends what a dead session leader has left behind. */
export interface LeftoverSweep {
  /** Sends this signal to them from now on. */
  send(signal: number): void;
  stop(): void;
}

export type Severity = "info" | "warning" | "error";

/**
 * The overlay's own work, which takes the place of the scripts of its own oneshots, by name. Each
 * returns an exit code.
 */
export type OwnSteps = Readonly<
  Record<string, Readonly<Record<"up" | "down", () => Promise<number>>>>
>;

/** The services that s6-rc manages. The results of a change are printed as s6-rc prints them. */
export interface ServiceTree {
  /**
   * How many definitions were left out because they, or something that they need, are broken; or
   * how many other things can't be read.
   */
  readonly faults: number;
  /**
   * Brings up everything for the boot. @returns the exit code that s6-rc would have: 0, 1, or 2 if
   * time ran out
   */
  up(limitMs: number): Promise<number>;
  /** The services that are up, and how long each took. */
  started(): readonly StartedService[];
  /** Stops starting services. */
  close(): void;
  /**
   * Stops everything, last started first. Kills a longrun that has no limit of its own and is not
   * down after that time; 0: never.
   */
  down(graceMs: number): Promise<number>;
}

/** Receives what comes to a container from outside. */
export interface LifeListener {
  /**
   * A signal or a command requests the container's end, or an essential service has ended for good.
   * In the latter case `essentialCode` is its exit code, 128 + signal for a signal.
   */
  onEndAsked(order: EndOrder, essentialCode: number | undefined): void;
  /** Takes a signal, by its name. @returns whether it has been handled */
  onSignal(name: string): boolean;
}

export interface OverlayPort {
  monotonicMs(): number;
  /** Calls back after that time. @returns a function that cancels it */
  after(delayMs: number, callback: () => void): () => void;
  /** Prints one line on standard error. `who` is the program or step that it comes from. */
  say(severity: Severity, who: string, text: string): void;
  /** Resolves at the descriptor's end of file, or at once if it can't be read. */
  endOfFile(fd: number): Promise<void>;
  /**
   * The paths of the scripts in a directory, sorted by bytes; empty if the directory does not
   * exist.
   */
  scripts(directory: string): readonly string[];
  /** The services that the image defines for s6-rc; undefined: none. */
  openTree(own: OwnSteps): Promise<ServiceTree | undefined>;
  /** Starts a script or command of the boot or the end, in its own session. */
  startScript(argv: readonly string[]): Child | NotStarted;
  startCommand(argv: readonly string[]): Child | NotStarted;
  /** Services are installed and scripts have run, so health checks may look at the services. */
  booted(): void;
  /** The boot is over: resources that only it needed can be released. */
  settle(): void;
  /** The CMD has ended: takes back what it alone had, such as the terminal. */
  commandEnded(): void;
  /**
   * Signals what is still alive in the session and process group of a dead CMD. Calls back with the
   * number of living processes, 0 at the end.
   */
  sweep(pid: number, onLeftovers: (living: number) => void): LeftoverSweep;
  /** Sends a signal to a process, or to a group if `pid` is negative. */
  kill(pid: number, signal: number): void;
  /** Fixes owners and modes as the files of the directory say. @returns whether all went well */
  fixAttributes(directory: string): boolean;
  applySysctl(): void;
  /** Puts the service directories of `directory` into the live scan directory. */
  installServices(directory: string): readonly InstalledService[];
  /** Starts the services in the scan directory that are not running yet. */
  startServices(): void;
  /**
   * Orders services up or down, by their names in the scan directory. @returns those that are not
   * in that state yet
   */
  orderServices(names: readonly string[], order: "up" | "down"): readonly string[];
  /** Calls back with each event of a service, such as `u` or `dD`. */
  onEvents(callback: (name: string, events: string) => void): void;
  /**
   * Ends every service and logger except the catch-all logger. Resolves when they have ended, with
   * the exit code of an essential service if one died by itself before.
   */
  endServices(): Promise<number | undefined>;
  /** Lets the catch-all logger end too. Resolves when nothing is supervised any more. */
  endLoggers(): Promise<void>;
  /**
   * The processes that this container has left, without loggers and what belongs to them. Only our
   * own processes count, whatever else runs on the machine.
   */
  leftovers(): readonly number[];
  /** Sends a signal to them. @returns whether at least one got it */
  signalLeftovers(signal: number): boolean;
  /** Sends a signal to the loggers and what belongs to them. */
  signalLoggers(signal: number): void;
  /**
   * Calls back whenever one of the leftovers may have ended. @returns a function that cancels it
   */
  onLeftoverEnd(callback: () => void): () => void;
  /** Records the container's exit code, for finish scripts and others. */
  recordExitCode(code: number): void;
  /**
   * The exit code that was recorded last, by us or by a script. Undefined if there is no valid one.
   */
  recordedExitCode(): number | undefined;
  syncDisks(): void;
}
