/**
 * The container's CMD, one life after the other. By default it has one life. S6_CMD_RESTART_POLICY
 * gives it more, by the rules of a supervised service. Its last exit code is the container's.
 *
 * A life is also the last one if the end has been requested in the meantime: for the whole
 * container or, with S6_CMD_RECEIVE_SIGNALS, by a signal to the CMD itself.
 */
import { commandRules, type OverlaySettings } from "./core/overlay_settings.ts";
import { judge, NO_HISTORY, type Verdict } from "../supervise/core/restart_policy.ts";
import { SIGINT, SIGKILL, SIGQUIT, SIGTERM } from "../core/linux/signals.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { EndRequest } from "./end_request.ts";
import type { Child, NotStarted, OverlayPort } from "./port.ts";

/** Signals that ask a program to end. */
const FAREWELLS: ReadonlySet<number> = new Set([SIGTERM, SIGINT, SIGQUIT]);

/**
 * The time that leftover processes of a life get between SIGTERM and SIGKILL, and after SIGKILL
 * before we give up.
 */
const LEFTOVERS_MS = 5000;

export class Command {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  #running: Child | undefined;
  readonly #end: EndRequest;
  /** A signal has told the CMD to end. */
  #isToldToEnd = false;
  /** Sends the SIGTERM that is held back for the drain. */
  #release: (() => void) | undefined;
  /** The last exit code that we recorded. */
  #recorded = 0;

  constructor(port: OverlayPort, settings: OverlaySettings, end: EndRequest) {
    this.#port = port;
    this.#settings = settings;
    this.#end = end;
  }

  /** Its process, while it lives. */
  get running(): Child | undefined {
    return this.#running;
  }

  /** Whether no other life follows this one. */
  get #isLast(): boolean {
    return this.#isToldToEnd || this.#end.isAsked;
  }

  /**
   * Runs it until no other life follows. @returns its last exit code, or why it could not be
   * started
   */
  async live(argv: readonly string[]): Promise<number | NotStarted> {
    const rules = commandRules(this.#settings);
    let history = NO_HISTORY;
    for (;;) {
      const startedMs = this.#port.monotonicMs();
      const started = this.#port.startCommand(argv);
      if ("reason" in started) return started;
      const wstat = await this.#toItsEnd(started);
      const code = exitStatusOf(wstat);
      const life = { startedMs, diedMs: this.#port.monotonicMs(), wstat, downSignal: SIGTERM };
      if (this.#settings.cmdKillLeftovers) await this.#endLeftovers(started.pid);
      if (this.#isLast) return code;
      const verdict = judge(rules, history, life);
      if (verdict.kind === "over") return this.#overFor(verdict, code);
      ({ history } = verdict);
      await this.#until(verdict.atMs, code);
      if (this.#isLast) return code;
    }
  }

  async #toItsEnd(child: Child): Promise<number> {
    this.#running = child;
    const wstat = await child.ended;
    this.#running = undefined;
    this.#release = undefined;
    this.#port.commandEnded();
    this.#record(exitStatusOf(wstat));
    return wstat;
  }

  /**
   * If the CMD ends because the container does, an exit code that a finish script has recorded
   * takes precedence.
   */
  #record(code: number): void {
    if (this.#isLast && (this.#port.recordedExitCode() ?? 0) !== this.#recorded) return;
    this.#recorded = code;
    this.#port.recordExitCode(code);
  }

  #overFor({ why }: Verdict & { readonly kind: "over" }, code: number): number {
    if (why === "max-restarts") {
      this.#port.say(
        "warning",
        "init",
        "the CMD has ended too often (S6_CMD_MAX_RESTARTS): not starting it again",
      );
    }
    return code;
  }

  /** Waits until the next life may begin. The container's end does not wait for this. */
  async #until(atMs: number, code: number): Promise<void> {
    const delayMs = Math.max(0, atMs - this.#port.monotonicMs());
    this.#port.say(
      "info",
      "init",
      `the CMD has exited with ${code}: starting it again in ${Math.round(delayMs)} ms`,
    );
    await new Promise<void>((resolve) => void this.#port.after(delayMs, resolve));
  }

  /** Sends it a signal. @returns whether it is alive */
  signal(signal: number): boolean {
    const child = this.#running;
    if (child === undefined) return false;
    if (FAREWELLS.has(signal)) this.#isToldToEnd = true;
    const { cmdDrainMs } = this.#settings;
    if (signal === SIGTERM && cmdDrainMs > 0) this.#holdBack(child, cmdDrainMs);
    else this.#port.kill(child.pid, signal);
    return true;
  }

  /** Sends SIGTERM after the drain, or at once if SIGTERM arrives a second time. */
  #holdBack(child: Child, drainMs: number): void {
    if (this.#release !== undefined) return this.#release();
    this.#port.say("info", "init", `the CMD gets SIGTERM in ${drainMs} ms (S6_CMD_TIMEOUT_DRAIN)`);
    const release = (): void => {
      cancel();
      if (this.#running === child) this.#port.kill(child.pid, SIGTERM);
    };
    const cancel = this.#port.after(drainMs, release);
    this.#release = release;
  }

  /**
   * Ends what is still alive in its session and process group. Processes that survive SIGKILL are
   * left.
   */
  async #endLeftovers(pid: number): Promise<void> {
    const gone = Promise.withResolvers<void>();
    const sweep = this.#port.sweep(pid, (living) => {
      if (living === 0) gone.resolve();
    });
    sweep.send(SIGTERM);
    const cancels = [
      this.#port.after(LEFTOVERS_MS, () => sweep.send(SIGKILL)),
      this.#port.after(2 * LEFTOVERS_MS, () => {
        this.#port.say(
          "warning",
          "init",
          "what the CMD has left does not die of SIGKILL: leaving it alone",
        );
        gone.resolve();
      }),
    ];
    await gone.promise;
    for (const cancel of cancels) cancel();
    sweep.stop();
  }
}
