/**
 * What s6-rc's loop needs from the world. `system.ts` implements it in the supervising process;
 * tests have an implementation in memory.
 */
import type { Longrun, Oneshot, Service } from "./core/database.ts";
import type { Line, LongrunNews, Script } from "./core/engine_state.ts";

/** The descriptors of this process that a script gets as its own 0, 1 and 2. */
export type ScriptStdio = readonly [stdin: number, stdout: number, stderr: number];

/** A line that a service wrote. */
export interface AgedLine {
  readonly text: string;
  readonly ageMs: number;
}

/** Receives the reports of a change. */
export interface Reporter {
  say(line: Line): void;
  /** The end of the request. `code`: the exit code for s6-rc. */
  end(code: number): void;
  /** The descriptors for this change's scripts; absent: our own. */
  readonly stdio?: ScriptStdio | undefined;
}

export interface RcPort {
  monotonicMs(): number;
  /** Calls the loop's `wake` at a monotonic moment; replaces what was set before. */
  setTimer(atMs: number | undefined): void;
  /**
   * Gives an order to a longrun's supervisor. Returns what is already the case and will not be
   * reported as news.
   */
  order(service: Longrun, order: "up" | "down" | "restart" | "kill"): readonly LongrunNews[];
  /** Makes a longrun read its configuration again. @returns the exit code that s6-svc would have */
  reload(service: Longrun): number;
  /** The condition that prevents the service from starting; undefined: none. */
  unmet(service: Service): string | undefined;
  /** The last line that the service has written in its present life, if known. */
  lastOutput(service: Service): string | undefined;
  /**
   * Calls back, later, with what the services have written last where that has to be asked for.
   * Meant for longruns whose `lastOutput` is unknown.
   */
  askLastOutputs(onAnswer: (outputOf: (service: Service) => AgedLine | undefined) => void): void;
  /** Starts a script, which must not be empty. Its end arrives as `scriptEnded`. */
  run(service: Oneshot, script: Script, stdio: ScriptStdio | undefined): void;
  /**
   * Sends SIGTERM to a script, and SIGKILL to its group if it takes longer than that to end; 0:
   * never.
   */
  terminate(
    service: Oneshot,
    options: { readonly reload: boolean; readonly killAfterMs: number },
  ): void;
  /**
   * Updates the `down` file of a longrun that has come up or gone down. Returns a warning, or
   * undefined.
   */
  markDown(service: Longrun, isDown: boolean): string | undefined;
  /** Calls back once, when everything that has happened at the same time has been heard. */
  soon(callback: () => void): void;
  /** @throws {SyscallError} If it can't be written. */
  saveState(bytes: Uint8Array<ArrayBuffer>): void;
  /** Tells whether something is being changed. */
  setBusy(isBusy: boolean): void;
  /** Prints a warning in our own name. */
  warn(text: string): void;
}
