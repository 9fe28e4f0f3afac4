/**
 * What the loop of s6-rc wants of the world. `system.ts` is that in the process that supervises,
 * tests have one in memory.
 */
import type { Longrun, Oneshot, Service } from "./core/database.ts";
import type { Line, LongrunNews, Script } from "./core/engine_state.ts";

/** The descriptors of this process that a script gets as its own 0, 1 and 2. */
export type ScriptStdio = readonly [stdin: number, stdout: number, stderr: number];

/** Who hears of a change. */
export interface Reporter {
  say(line: Line): void;
  /** The end of the request. `code`: the exit code for s6-rc. */
  end(code: number): void;
  /** What scripts of this change get; absent: what we have ourselves. */
  readonly stdio?: ScriptStdio | undefined;
}

export interface RcPort {
  monotonicMs(): number;
  /** Calls the loop's `wake` at a monotonic moment; replaces what was set before. */
  setTimer(atMs: number | undefined): void;
  /** Tells a longrun's supervisor. Returns what is so already and will not be told as news. */
  order(service: Longrun, order: "up" | "down" | "restart" | "kill"): readonly LongrunNews[];
  /** Makes a longrun read its configuration again. @returns an exit code as of s6-svc */
  reload(service: Longrun): number;
  /** The condition that keeps the service from being started; undefined: none. */
  unmet(service: Service): string | undefined;
  /** The last line of what the service has written in its present life, where that is known. */
  lastOutput(service: Service): string | undefined;
  /** Starts a script, whose end arrives as `scriptEnded`. It has words. */
  run(service: Oneshot, script: Script, stdio: ScriptStdio | undefined): void;
  /**
   * SIGTERM to a script, and SIGKILL to its group when it takes longer than that to end; 0: never.
   */
  terminate(
    service: Oneshot,
    options: { readonly reload: boolean; readonly killAfterMs: number },
  ): void;
  /** The longrun is up, or down: its `down` file follows. Returns a warning, or undefined. */
  markDown(service: Longrun, isDown: boolean): string | undefined;
  /** @throws {SyscallError} If it can't be written. */
  saveState(bytes: Uint8Array<ArrayBuffer>): void;
  /** Something is being changed, or no longer. */
  setBusy(isBusy: boolean): void;
  /** Says it in our own name. */
  warn(text: string): void;
}
