/**
 * What a container's life needs from the world. `system.ts` is the port on libc and on the
 * scan directory, tests have one in memory. What can't be done says so itself, as a warning, and is
 * told by its result.
 */
import type { EndOrder } from "../scandir/caretaker.ts";
import type { StartedService } from "./core/boot_summary.ts";

/**
 * A program that has been started: its death is awaited through `ended`, which gives the raw wait
 * status.
 */
export interface Child {
  readonly pid: number;
  readonly ended: Promise<number>;
}

/**
 * It could not be started. `code` is what a shell would exit with: 127 if there is no such program,
 * else 126.
 */
export interface NotStarted {
  readonly reason: string;
  readonly code: 126 | 127;
}

export interface InstalledService {
  readonly name: string;
  /** It has a notification-fd, so more than "up" can be known. */
  readonly tellsReadiness: boolean;
  /** It has a `down` file: nobody waits for it. */
  readonly down: boolean;
}

/** The end of what a dead leader of a session has left. */
export interface LeftoverSweep {
  /** From now on they get this signal. */
  send(signal: number): void;
  stop(): void;
}

export type Severity = "info" | "warning" | "error";

/**
 * What the overlay itself does as scripts of the oneshots that it brings, by their names. Each
 * gives an exit code.
 */
export type OwnSteps = Readonly<
  Record<string, Readonly<Record<"up" | "down", () => Promise<number>>>>
>;

/** The services that s6-rc works on. The results of a change are printed as s6-rc prints them. */
export interface ServiceTree {
  /**
   * How many definitions were left out, since something is wrong with them or with what they need,
   * or how much else can't be read.
   */
  readonly faults: number;
  /**
   * Brings up all that the boot is to bring up. @returns what s6-rc would exit with: 0, 1, or 2
   * when the time is over
   */
  up(limitMs: number): Promise<number>;
  /** What is up, and how long each took. */
  started(): readonly StartedService[];
  /** Nothing is started any more. */
  close(): void;
  /**
   * Stops everything, last started first. A longrun that is not down after that time, and has no
   * limit of its own, is killed; 0: never.
   */
  down(graceMs: number): Promise<number>;
}

/** Hears what comes to a container from outside. */
export interface LifeListener {
  /**
   * A signal or a command asks for the end of the container, or an essential service has ended for
   * good: `essentialCode` is its exit code then, 128 + signal for a signal.
   */
  onEndAsked(order: EndOrder, essentialCode: number | undefined): void;
  /** A signal, by its name. @returns whether it has been dealt with */
  onSignal(name: string): boolean;
}

export interface OverlayPort {
  monotonicMs(): number;
  /** Calls back after that time. @returns what calls it off */
  after(delayMs: number, callback: () => void): () => void;
  /** One line on standard error. `who` is the program or step that says it. */
  say(severity: Severity, who: string, text: string): void;
  /** Resolves when the descriptor is at its end, at once if it can't be read. */
  endOfFile(fd: number): Promise<void>;
  /**
   * The scripts of a directory in the order of their bytes, as paths; none if there is no such
   * directory.
   */
  scripts(directory: string): readonly string[];
  /** The services that the image defines for s6-rc; undefined: none. */
  openTree(own: OwnSteps): Promise<ServiceTree | undefined>;
  /** Starts a script or a command of the boot or of the end, in a session of its own. */
  startScript(argv: readonly string[]): Child | NotStarted;
  /** Starts the container's CMD. */
  startCommand(argv: readonly string[]): Child | NotStarted;
  /**
   * Services are installed and scripts have been run: who asks for health may look at the services.
   */
  booted(): void;
  /** The boot is over: what only it needed can be given back. */
  settle(): void;
  /** What was the CMD's alone, such as the terminal, is given back. */
  commandEnded(): void;
  /**
   * Signals what lives of the session and the process group of a CMD that is dead; calls back with
   * how many do, 0 when it is over.
   */
  sweep(pid: number, onLeftovers: (living: number) => void): LeftoverSweep;
  /** To a process, or to a group if `pid` is negative. */
  kill(pid: number, signal: number): void;
  /** Fixes owners and modes as the files of the directory say. @returns whether all went well */
  fixAttributes(directory: string): boolean;
  applySysctl(): void;
  /** Puts the service directories of `directory` into the live scan directory. */
  installServices(directory: string): readonly InstalledService[];
  /** Starts what is in the scan directory and does not run yet. */
  startServices(): void;
  /**
   * Has services up or down, by their names in the scan directory. @returns those that are not so
   * yet
   */
  orderServices(names: readonly string[], order: "up" | "down"): readonly string[];
  /** Calls back with each event of a service, such as `u` or `dD`. */
  onEvents(callback: (name: string, events: string) => void): void;
  /**
   * Ends every service and logger but the catch-all logger. Resolves when they have ended, with the
   * exit code of an essential service if one had died by itself before.
   */
  endServices(): Promise<number | undefined>;
  /** Lets the catch-all logger end too. Resolves when nothing is supervised any more. */
  endLoggers(): Promise<void>;
  /**
   * The processes that are left of this container, loggers and what belongs to them apart: of ours
   * only, whatever else runs on the machine.
   */
  leftovers(): readonly number[];
  /** Sends a signal to them. @returns whether any of them got it */
  signalLeftovers(signal: number): boolean;
  /** Sends a signal to the loggers and what belongs to them. */
  signalLoggers(signal: number): void;
  /** Calls back whenever one of the leftovers may have ended. @returns what calls it off */
  onLeftoverEnd(callback: () => void): () => void;
  /** Tells the world, and finish scripts, with what the container will exit. */
  recordExitCode(code: number): void;
  /** What was recorded last, by whomever. Undefined if nothing sensible is there. */
  recordedExitCode(): number | undefined;
  syncDisks(): void;
}
