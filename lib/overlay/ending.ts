/**
 * The only path to a container's end, whatever requests it and whenever. Each step is over when the
 * event it waits for has happened; times are only limits. An exception in a step does not stop the
 * next one.
 * Source: s6-overlay 3.2.3, rc.shutdown; s6-linux-init, s6-linux-init-shutdownd.c; 2.2.0.3,
 * init-stage3.
 */
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { SIGCONT, SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import type { Mishaps } from "../mishap/mishaps.ts";
import type { Boot } from "./boot.ts";
import type { Command } from "./command.ts";
import type { EndRequest } from "./end_request.ts";
import type { Patience } from "./patience.ts";
import type { OverlayPort } from "./port.ts";

/** How long loggers may take to store the rest of their input once they have no writers. */
const LOGGERS_MS = 3000;

export interface EndingParts {
  readonly boot: Boot;
  readonly command: Command;
  readonly end: EndRequest;
  readonly patience: Patience;
  readonly mishaps: Mishaps;
}

export class Ending {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  readonly #parts: EndingParts;

  constructor(port: OverlayPort, settings: OverlaySettings, parts: EndingParts) {
    this.#port = port;
    this.#settings = settings;
    this.#parts = parts;
  }

  async run(): Promise<void> {
    const { boot } = this.#parts;
    await this.#through(() => this.#drainCommand());
    await this.#through(() => this.#drainScript());
    await this.#through(() => this.#endTree());
    await Promise.all([
      this.#through(() => boot.endScript()),
      this.#through(() => this.#endServices()),
    ]);
    await this.#through(() => boot.finish());
    await this.#through(() => this.#endLeftovers());
    await this.#through(() => this.#hearOfCommand());
    await this.#through(() => this.#endLoggers());
    if (this.#settings.syncDisks) this.#port.syncDisks();
  }

  async #through(step: () => Promise<unknown>): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#parts.mishaps.tell(error);
    }
  }

  /**
   * Leaves everything running for a while: the CMD can finish its work while its clients learn that
   * it accepts no new requests.
   */
  async #drainCommand(): Promise<void> {
    const { running } = this.#parts.command;
    const { cmdDrainMs } = this.#settings;
    if (cmdDrainMs === 0 || running === undefined) return;
    this.#port.say("info", "init", `the CMD runs on for ${cmdDrainMs} ms (S6_CMD_TIMEOUT_DRAIN)`);
    await this.#drain(running.ended, cmdDrainMs);
  }

  /**
   * Lets a running boot script finish, for example one that migrates data. No other script starts.
   */
  async #drainScript(): Promise<void> {
    const { running } = this.#parts.boot;
    const { scriptDrainMs } = this.#settings;
    if (scriptDrainMs === 0 || running === undefined) return;
    this.#port.say(
      "info",
      "init",
      `the script that runs has ${scriptDrainMs} ms to end (S6_SCRIPT_TIMEOUT_DRAIN)`,
    );
    await this.#drain(running.ended, scriptDrainMs);
  }

  async #drain(ended: Promise<number>, limitMs: number): Promise<void> {
    const { end, patience } = this.#parts;
    await patience.within(Promise.race([ended, end.askedAgain]), limitMs);
  }

  /**
   * Stops the services that s6-rc manages, in order, and cancels a boot that is still under way.
   */
  async #endTree(): Promise<void> {
    const { boot, patience } = this.#parts;
    const { tree } = boot;
    if (tree === undefined) return;
    tree.close();
    const script = boot.endScript();
    await patience.within(tree.down(this.#settings.servicesGraceMs), 0);
    await script;
  }

  async #endServices(): Promise<void> {
    const { end, patience } = this.#parts;
    const ended = this.#port.endServices();
    void ended.then((code) => code === undefined || end.essentialEnded(code));
    const { servicesGraceMs } = this.#settings;
    if (await patience.within(ended, servicesGraceMs) || end.isHurried) return;
    this.#port.say(
      "warning",
      "init",
      `some services have not ended within ${servicesGraceMs} ms (S6_SERVICES_GRACETIME): going on`,
    );
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
    // A dying process may leave children that it has just started, so look again after each death.
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

  /** A CMD that is dead may be no leftover any more while its exit code has not been heard of. */
  async #hearOfCommand(): Promise<void> {
    const { running } = this.#parts.command;
    if (running !== undefined && this.#port.leftovers().length === 0) await running.ended;
  }

  async #alone(limitMs: number): Promise<boolean> {
    const alone = Promise.withResolvers<void>();
    const look = (): void => {
      if (this.#port.leftovers().length === 0) alone.resolve();
    };
    const cancel = this.#port.onLeftoverEnd(look);
    look();
    const result = await this.#parts.patience.within(alone.promise, limitMs);
    cancel();
    return result;
  }

  async #endLoggers(): Promise<void> {
    const ended = this.#port.endLoggers();
    if (await this.#parts.patience.within(ended, LOGGERS_MS)) return;
    this.#port.signalLoggers(SIGKILL);
    await ended;
  }
}
