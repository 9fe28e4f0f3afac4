/**
 * The life of a container: boot, CMD, and the end as soon as it is requested. It acts through a
 * port; lib/overlay/core/overlay_settings.ts describes the variables. Source: s6-overlay 3.2.3,
 * rc.init, s6-rc/scripts; 2.2.0.3, init-stage2.
 */
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { signalNumber } from "../core/linux/signals.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import type { EndOrder } from "../scandir/caretaker.ts";
import { Boot } from "./boot.ts";
import { Command } from "./command.ts";
import { EndRequest } from "./end_request.ts";
import { Ending } from "./ending.ts";
import { FinishScripts } from "./finish_scripts.ts";
import { guardedPort } from "./guarded_port.ts";
import { Patience } from "./patience.ts";
import type { LifeListener, OverlayPort } from "./port.ts";

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

/**
 * The time from the boot until memory is given back, so that a CMD that ends at once does not wait
 * for that.
 */
const SETTLE_MS = 1000;

export interface LifePlan {
  /** Where cont-init.d and so on are. */
  readonly etc: string;
  /** The container's CMD, as the engine gave it. */
  readonly command: readonly string[];
}

export class Life implements LifeListener {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  readonly #end: EndRequest;
  readonly #boot: Boot;
  readonly #command: Command;
  readonly #ending: Ending;

  constructor(port: OverlayPort, settings: OverlaySettings, plan: LifePlan) {
    const mishaps = new Mishaps((text) => port.say("warning", "init", text));
    const guarded = this.#port = guardedPort(port, mishaps);
    this.#settings = settings;
    const end = this.#end = new EndRequest(guarded);
    const patience = new Patience(guarded, end);
    const finishPlan = {
      directory: `${plan.etc}/cont-finish.d`,
      finishMaxMs: settings.finishMaxMs,
    };
    const finishScripts = new FinishScripts(guarded, finishPlan, end, patience);
    const command = this.#command = new Command(guarded, settings, end);
    const boot = this.#boot = new Boot(guarded, settings, {
      ...plan,
      end,
      patience,
      finishScripts,
    });
    this.#ending = new Ending(guarded, settings, { boot, command, end, patience, mishaps });
  }

  /** Runs the life. @returns the container's exit code */
  async live(): Promise<number> {
    void this.#bootAndCommand().catch((error) =>
      this.#end.fail(`internal error: ${error instanceof Error ? error.message : error}`, 111)
    );
    await this.#end.asked;
    await this.#ending.run();
    return this.#end.essentialCode ?? this.#port.recordedExitCode() ?? 0;
  }

  onEndAsked(order: EndOrder, essentialCode: number | undefined): void {
    if (essentialCode !== undefined) this.#end.essentialEnded(essentialCode);
    else if (order === "abort") this.#end.hurry("told to stop at once");
    else this.#end.ask("told to stop");
  }

  onSignal(name: string): boolean {
    if (!this.#settings.cmdReceiveSignals || !DIVERTED.has(name)) return false;
    return this.#command.signal(signalNumber(name)!);
  }

  async #bootAndCommand(): Promise<void> {
    const result = await this.#boot.run();
    if (this.#end.isAsked) return;
    if (result.kind === "failed") return this.#end.fail(result.reason, result.code);
    this.#port.booted();
    const cancelSettle = this.#port.after(SETTLE_MS, () => this.#port.settle());
    void this.#end.asked.then(cancelSettle);
    if (result.command.length > 0) await this.#runCommand(result.command);
  }

  async #runCommand(argv: readonly string[]): Promise<void> {
    const code = await this.#command.live(argv);
    if (typeof code !== "number") return this.#end.fail(code.reason, code.code);
    this.#end.ask(`the CMD has exited with ${code}`);
  }
}
