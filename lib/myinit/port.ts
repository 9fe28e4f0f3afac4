/**
 * What my_init needs of the world. `system.ts` implements it on libc and a scan directory; tests
 * have an implementation in memory.
 */
import type { Child } from "../overlay/port.ts";

export interface ImportRule {
  /** Variables that are not in the directory go away. */
  readonly clears: boolean;
  /** A variable that is set already takes the directory's value. */
  readonly overrides: boolean;
}

export interface MyInitPort {
  readonly pid: number;
  /** Prints one line on standard error. */
  say(text: string): void;
  /** Calls back after that time. @returns a function that cancels it */
  after(delayMs: number, callback: () => void): () => void;
  /** Reads /etc/container_environment, if there is one, into the environment. */
  importEnvironment(rule: ImportRule): void;
  /** Writes the environment into the files for others, and `intoDirectory` into the directory too. */
  exportEnvironment(intoDirectory: boolean): void;
  /** The paths of the executable files in a directory, in the order of their names. */
  executables(directory: string): readonly string[];
  isExecutable(path: string): boolean;
  /** Starts a program. What can't be started has ended with 127, as in a shell. */
  start(argv: readonly string[]): Child;
  kill(pid: number, signal: number): void;
  /**
   * Begins to supervise /etc/service. `onEnd`: somebody has told the scan directory to end, or an
   * essential service has ended; that is the exit code.
   */
  startServices(onEnd: (code: number) => void): void;
  /** Stops all services, and kills those that are not down after that time. Loggers go on. */
  stopServices(limitMs: number): Promise<void>;
  /** Sends a signal to everything else in the container. */
  signalAll(signal: number): void;
  /** Ends the supervision, loggers too; resolves when no child is left. */
  endSupervision(): Promise<void>;
}
