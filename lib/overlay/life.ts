/**
 * The life of a container: boot, CMD, stop. It runs on a port; what the variables ask for is in
 * lib/overlay/core/overlay_settings.ts.
 *
 * There is one way to the end, whoever asks for it and whenever: services with their loggers, the
 * cont-finish scripts, SIGTERM to what is left, SIGKILL after the grace time, loggers that are
 * left, the catch-all logger. Every step is over when what it waits for has happened; times are
 * only limits. Source: s6-overlay 3.2.3, rc.init, rc.shutdown, s6-rc/scripts; s6-linux-init,
 * s6-linux-init-shutdownd.c; 2.2.0.3, init-stage2 and init-stage3.
 */
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { SIGCONT, SIGKILL, signalNumber, SIGTERM } from "../core/linux/signals.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import { Boot, type BootPlan } from "./boot.ts";
import { Command } from "./command.ts";
import { guardedPort } from "./guarded_port.ts";
import type { OverlayPort } from "./port.ts";

/** Signals that S6_CMD_RECEIVE_SIGNALS sends to the CMD. */
const DIVERTED = new Set([
  "SIGTERM",
  "SIGQUIT",
  "SIGINT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGPWR",
  "SIGWINCH",
]);

/** After the boot, so that a CMD which is over at once need not wait for it. */
const SETTLE_MS = 1000;

/** For loggers to write down what they have been told, when nobody can tell them anything more. */
const LOGGERS_MS = 3000;

export class Life {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  readonly #boot: Boot;
  readonly #finishScripts: string;
  readonly #stopAsked = Promise.withResolvers<void>();
  readonly #hurried = Promise.withResolvers<void>();
  readonly #drained = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<number>();
  readonly #undrained = Promise.withResolvers<void>();
  readonly #command: Command;
  readonly #mishaps: Mishaps;
  #finished: Promise<number> | undefined;
  #stopping = false;
  #hurrying = false;
  #essentialCode: number | undefined;

  constructor(
    port: OverlayPort,
    settings: OverlaySettings,
    plan: Omit<BootPlan, "finish"> & { readonly finishScripts: string },
  ) {
    this.#mishaps = new Mishaps((text) => port.say("warning", "init", text));
    this.#port = guardedPort(port, this.#mishaps);
    this.#settings = settings;
    this.#finishScripts = plan.finishScripts;
    this.#command = new Command(this.#port, settings);
    this.#boot = new Boot(
      this.#port,
      settings,
      { ...plan, finish: () => this.#finish() },
      this.#stopAsked.promise,
    );
  }

  /** Lives it. @returns the container's exit code */
  async live(): Promise<number> {
    void this.#bootAndCommand().catch((error) =>
      this.#fail(`internal error: ${error instanceof Error ? error.message : error}`, 111)
    );
    await this.#stopAsked.promise;
    await this.#through(() => this.#drain());
    await this.#through(() => this.#drainScript());
    await this.#through(() => this.#endTree());
    await Promise.all([
      this.#through(() => this.#endBootScript()),
      this.#through(() => this.#endServices()),
    ]);
    for (
      const step of [() => this.#finish(), () => this.#endLeftovers(), () => this.#endLoggers()]
    ) await this.#through(step);
    if (this.#settings.syncDisks) this.#port.syncDisks();
    this.#over.resolve(this.#essentialCode ?? this.#port.recordedExitCode() ?? 0);
    return await this.#over.promise;
  }

  /** Whatever a step of the end throws, the next one follows. */
  async #through(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#mishaps.tell(error);
    }
  }

  /** The exit code, once it has been lived. */
  get over(): Promise<number> {
    return this.#over.promise;
  }

  /** Asks for the end. A second time only ends the CMD's drain. */
  stop(reason: string): void {
    if (this.#stopping) return this.#undrained.resolve();
    this.#stopping = true;
    this.#command.noMore();
    this.#port.say("info", "init", `stopping: ${reason}`);
    this.#stopAsked.resolve();
  }

  /** Asks for the end at once: nobody is waited for any longer. */
  hurry(reason: string): void {
    this.stop(reason);
    this.#hurrying = true;
    this.#hurried.resolve();
  }

  /**
   * An essential service has ended for good: what it has ended with is what the container ends
   * with, whatever others say later.
   */
  essentialEnded(code: number): void {
    this.#essentialCode ??= code;
    this.#port.recordExitCode(code);
    this.stop(`an essential service has ended with exit code ${code}`);
  }

  /** The scan directory has nothing left but the catch-all logger. */
  drained(): void {
    this.#drained.resolve();
  }

  /** Whether the signal is the CMD's, which has got it then. */
  takeSignal(name: string): boolean {
    if (!this.#settings.cmdReceiveSignals || !DIVERTED.has(name)) return false;
    return this.#command.signal(signalNumber(name)!);
  }

  #fail(reason: string, code: number): void {
    this.#port.say("error", "init", reason);
    this.#port.recordExitCode(code);
    this.stop("it could not go on");
  }

  async #bootAndCommand(): Promise<void> {
    const outcome = await this.#boot.run();
    if (this.#stopping) return;
    if (outcome.kind === "failed") return this.#fail(outcome.reason, outcome.code);
    this.#port.booted();
    const cancelSettle = this.#port.after(SETTLE_MS, () => this.#port.settle());
    void this.#stopAsked.promise.then(cancelSettle);
    if (outcome.command.length > 0) await this.#runCommand(outcome.command);
  }

  async #runCommand(argv: readonly string[]): Promise<void> {
    const code = await this.#command.live(argv);
    if (typeof code !== "number") return this.#fail(`${code.reason}`, code.code);
    this.stop(`the CMD has exited with ${code}`);
  }

  /**
   * Leaves everything as it is for a while, so that the CMD can finish what it does while those who
   * send requests learn that no more are wanted.
   */
  async #drain(): Promise<void> {
    const { running } = this.#command;
    const { cmdDrainMs } = this.#settings;
    if (cmdDrainMs === 0 || running === undefined) return;
    this.#port.say("info", "init", `the CMD runs on for ${cmdDrainMs} ms (S6_CMD_TIMEOUT_DRAIN)`);
    await this.#within(Promise.race([running.ended, this.#undrained.promise]), cmdDrainMs);
  }

  /** Lets a script of the boot, such as one that migrates data, come to its end. No other begins. */
  async #drainScript(): Promise<void> {
    const { running } = this.#boot;
    const { scriptDrainMs } = this.#settings;
    if (scriptDrainMs === 0 || running === undefined) return;
    this.#port.say(
      "info",
      "init",
      `the script that runs has ${scriptDrainMs} ms to end (S6_SCRIPT_TIMEOUT_DRAIN)`,
    );
    await this.#within(Promise.race([running.ended, this.#undrained.promise]), scriptDrainMs);
  }

  /** Waits for something, up to a limit; 0 is none. @returns whether it has happened */
  async #within(event: Promise<unknown>, limitMs: number): Promise<boolean> {
    const over = Promise.withResolvers<false>();
    const cancel = limitMs === 0 ? undefined : this.#port.after(limitMs, () => over.resolve(false));
    const happened = event.then(() => true);
    const hurried = this.#hurried.promise.then(() => false);
    const result = await Promise.race([happened, over.promise, hurried]);
    cancel?.();
    return result;
  }

  async #endBootScript(): Promise<void> {
    const script = this.#boot.running;
    if (script === undefined) return;
    this.#port.kill(-script.pid, SIGTERM);
    this.#port.kill(-script.pid, SIGCONT);
    const { killGraceMs } = this.#settings;
    if (killGraceMs > 0 && await this.#within(script.ended, killGraceMs)) return;
    this.#port.kill(-script.pid, SIGKILL);
    await script.ended;
  }

  /** Stops the services that s6-rc works on, in order; a boot that still goes on is called off. */
  async #endTree(): Promise<void> {
    const { tree } = this.#boot;
    if (tree === undefined) return;
    tree.close();
    const script = this.#endBootScript();
    await this.#within(tree.down(this.#settings.servicesGraceMs), 0);
    await script;
  }

  async #endServices(): Promise<void> {
    this.#port.endServices();
    const { servicesGraceMs } = this.#settings;
    if (await this.#within(this.#drained.promise, servicesGraceMs) || this.#hurrying) return;
    this.#port.say(
      "warning",
      "init",
      `some services have not ended within ${servicesGraceMs} ms (S6_SERVICES_GRACETIME): going on`,
    );
  }

  /** Runs the cont-finish scripts, once, when no script of the boot runs any more. */
  #finish(): Promise<number> {
    this.#finished ??= this.#endBootScript().then(() => this.#runFinishScripts());
    return this.#finished;
  }

  async #runFinishScripts(): Promise<number> {
    const { finishMaxMs } = this.#settings;
    for (const path of this.#port.scripts(this.#finishScripts)) {
      if (this.#hurrying) return 0;
      this.#port.say("info", "cont-finish", `running ${path}`);
      const script = this.#port.startScript([path]);
      if ("reason" in script) {
        this.#port.say("warning", "cont-finish", script.reason);
        continue;
      }
      if (!await this.#within(script.ended, finishMaxMs)) {
        const why = this.#hurrying
          ? "is not waited for any longer"
          : `has not ended within ${finishMaxMs} ms (S6_KILL_FINISH_MAXTIME)`;
        this.#port.say("warning", "cont-finish", `${path} ${why}: killing it`);
        this.#port.kill(-script.pid, SIGKILL);
      }
      this.#port.say("info", "cont-finish", `${path} exited ${exitStatusOf(await script.ended)}`);
    }
    return 0;
  }

  async #endLeftovers(): Promise<void> {
    const port = this.#port;
    if (port.leftovers().length === 0) return;
    const { killGraceMs } = this.#settings;
    if (killGraceMs > 0) {
      port.signalLeftovers(SIGTERM);
      port.signalLeftovers(SIGCONT);
      if (await this.#alone(killGraceMs)) return;
    }
    // what dies leaves children that have been started meanwhile: each death is a reason to look
    // again
    while (port.leftovers().length > 0) {
      const death = Promise.withResolvers<void>();
      const cancel = port.onLeftoverEnd(death.resolve);
      const reached = port.signalLeftovers(SIGKILL);
      if (!reached) port.say("warning", "init", "some processes can't be killed: leaving them");
      else await death.promise;
      cancel();
      if (!reached) return;
    }
  }

  async #alone(limitMs: number): Promise<boolean> {
    const alone = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#port.leftovers().length === 0) alone.resolve();
    };
    const cancel = this.#port.onLeftoverEnd(look);
    look();
    const result = await this.#within(alone.promise, limitMs);
    cancel();
    return result;
  }

  async #endLoggers(): Promise<void> {
    const ended = this.#port.endLoggers();
    if (await this.#within(ended, LOGGERS_MS)) return;
    this.#port.signalLoggers(SIGKILL);
    await ended;
  }
}
