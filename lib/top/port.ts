/** What the loop of `hexad top` needs from the world. */
import type { Tain } from "../core/time/tain.ts";
import type { Target, TopLook } from "./core/top_state.ts";

export interface TopPort {
  now(): Tain;
  monotonicMs(): number;
  /**
   * Calls back once, so many milliseconds from now, unless what is returned is disposed of before.
   */
  after(delayMs: number, onTime: () => void): Disposable;
  /** All that is to be shown, or why it can't be seen, in one line. */
  look(): TopLook | string;
  /**
   * Sends letters to its supervisor. Why that could not be done, in one line, or undefined; a
   * promise of that where the supervisor is elsewhere.
   */
  send(target: Target, letters: string): string | undefined | Promise<string | undefined>;
  /** Has the service a `reload-signal`? */
  hasReloadSignal(target: Target): boolean;
  /**
   * Tells the last lines of the target's log, and then what is written to it, until what is
   * returned is disposed of; or why that can't be done.
   */
  openLog(target: Target, onLines: (lines: readonly string[]) => void): Disposable | string;
  /** Puts lines on the screen. */
  draw(lines: readonly string[]): void;
  /** What is drawn next is drawn over an empty screen. */
  forget(): void;
  /** To the shell that has started us, for a while. */
  suspend(): void;
  /** It is over. */
  stop(): void;
}
