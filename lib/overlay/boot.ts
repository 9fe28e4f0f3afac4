/**
 * A container's boot: the hook, attributes, the scripts of cont-init.d one after the other, services. A failure of any is counted, and what
 * that means is S6_BEHAVIOUR_IF_STAGE2_FAILS' to say. An end that is asked for meanwhile, and the time limit, interrupt every wait.
 * Source: s6-overlay 3.2.3, rc.init, s6-rc/scripts/cont-init and services-up; 2.2.0.3, init-stage2.
 */
import type { OverlaySettings } from "../core/overlay_settings.ts";
import { variableWords } from "../core/overlay_settings.ts";
import { exitStatusOf } from "../core/wstat.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import type { Child, InstalledService, OverlayPort } from "./port.ts";

export interface BootPlan {
  /** Where cont-init.d and so on are. */
  readonly etc: string;
  /** The container's CMD, as the engine gave it. */
  readonly command: readonly string[];
}

export type BootOutcome =
  /** The CMD with all its words; none: the services are all that there is. */
  | { readonly kind: "booted"; readonly command: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string; readonly code: number };

const STOP_ON_FAILURE = 2;
const WARN_ON_FAILURE = 1;
const EXIT_FAILED = 1;
/** Bundles that name services and are none. */
const S6_RC_BUNDLES: ReadonlySet<string> = new Set(["user", "user2"]);
/** What a word-split command can't hold and be understood: then a shell has to read it. */
const SHELL_SYNTAX = /["'\\$`|&;<>()*?[\]{}~#!]/;

export class Boot {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  readonly #plan: BootPlan;
  readonly #stop: Promise<void>;
  readonly #timeUp = Promise.withResolvers<void>();
  #late = false;
  #stopped = false;
  #running: Child | undefined;
  #failures = 0;

  /** @param stop Settles when the end is asked for. */
  constructor(port: OverlayPort, settings: OverlaySettings, plan: BootPlan, stop: Promise<void>) {
    this.#port = port;
    this.#settings = settings;
    this.#plan = plan;
    this.#stop = stop;
    void stop.then(() => this.#stopped = true);
  }

  /** The script that runs now. */
  get running(): Child | undefined {
    return this.#running;
  }

  /** Boots. Comes back early if the end is asked for; what it returns then means nothing. */
  async run(): Promise<BootOutcome> {
    const { waitForClosingFd, applySysctl, ifStage2Fails, bootMaxMs } = this.#settings;
    this.#tellWhatIsNotStarted();
    if (waitForClosingFd >= 3) await this.#unlessInterrupted(this.#port.endOfFile(waitForClosingFd));
    if (applySysctl) this.#port.applySysctl();
    const hookCode = await this.#runHook();
    if (hookCode !== 0 && ifStage2Fails >= STOP_ON_FAILURE) {
      return { kind: "failed", reason: `S6_STAGE2_HOOK exited ${hookCode}: stopping the container`, code: hookCode };
    }
    const cancel = bootMaxMs === 0 ? undefined : this.#port.after(bootMaxMs, () => this.#expire());
    for (const step of [() => this.#fixAttributes(), () => this.#runInitScripts(), () => this.#startServices()]) {
      if (!this.#stopped) await this.#through(step);
    }
    cancel?.();
    if (this.#failures > 0 && ifStage2Fails >= WARN_ON_FAILURE) {
      const reason = `${this.#failures} of the boot's steps failed`;
      if (ifStage2Fails >= STOP_ON_FAILURE) return { kind: "failed", reason: `${reason}: stopping the container`, code: EXIT_FAILED };
      this.#port.say("warning", "init", `${reason} (going on)`);
    }
    return { kind: "booted", command: this.#commandWords() };
  }

  /** A step that throws what nobody expected has failed. */
  async #through(step: () => Promise<void> | void): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#failures++;
      this.#port.say("warning", "init", `${mishapText(error)}. Please report it`);
    }
  }

  /** Services that s6-overlay 3 would start through s6-rc: better a line for each than a container that lacks them without a word. */
  #tellWhatIsNotStarted(): void {
    const directory = `${this.#plan.etc}/s6-overlay/s6-rc.d`;
    const services = this.#port.subdirectories(directory).filter((name) => !S6_RC_BUNDLES.has(name));
    for (const name of services) {
      this.#port.say(
        "warning",
        "init",
        `${directory}/${name} is not started: /init has no s6-rc; make it a directory of ${this.#plan.etc}/services.d`,
      );
    }
    const { runtimeBundledir } = this.#settings;
    if (runtimeBundledir !== "") this.#port.say("warning", "init", "S6_RUNTIME_BUNDLEDIR has no effect: /init has no s6-rc");
  }

  #commandWords(): readonly string[] {
    const { command } = this.#plan;
    return command.length === 0 ? [] : [...variableWords(this.#settings.cmdArg0), ...command];
  }

  #expire(): void {
    this.#late = true;
    this.#port.say("warning", "init", `the boot took ${this.#settings.bootMaxMs} ms (S6_CMD_WAIT_FOR_SERVICES_MAXTIME): waiting no longer`);
    this.#failures++;
    this.#timeUp.resolve();
  }

  /** What the promise gives, or undefined if nobody wants to wait for it any longer. */
  #unlessInterrupted<T>(promise: Promise<T>): Promise<T | undefined> {
    const nothing = (): undefined => undefined;
    return Promise.race([promise, this.#stop.then(nothing), this.#timeUp.promise.then(nothing)]);
  }

  /** Runs a program to its end. @returns its exit code, 128 + signal for a death by signal; undefined if it was left alone */
  async #runScript(who: string, argv: readonly string[]): Promise<number | undefined> {
    const name = argv.join(" ");
    this.#port.say("info", who, `running ${name}`);
    const script = this.#port.startScript(argv);
    if ("reason" in script) {
      this.#port.say("warning", who, script.reason);
      return script.code;
    }
    this.#running = script;
    void script.ended.then(() => {
      if (this.#running === script) this.#running = undefined;
    });
    const wstat = await this.#unlessInterrupted(script.ended);
    if (wstat === undefined) return undefined;
    const code = exitStatusOf(wstat);
    this.#port.say("info", who, `${name} exited ${code}`);
    return code;
  }

  async #runHook(): Promise<number> {
    const { stage2Hook } = this.#settings;
    const words = SHELL_SYNTAX.test(stage2Hook) ? ["/bin/sh", "-c", stage2Hook] : variableWords(stage2Hook);
    if (words.length === 0) return 0;
    const code = await this.#runScript("init", words) ?? 0;
    if (code !== 0) this.#port.say("warning", "init", `S6_STAGE2_HOOK exited ${code}`);
    return code;
  }

  #fixAttributes(): void {
    if (!this.#port.fixAttributes(`${this.#plan.etc}/fix-attrs.d`)) this.#failures++;
  }

  async #runInitScripts(): Promise<void> {
    const failed: string[] = [];
    const paths = this.#port.scripts(`${this.#plan.etc}/cont-init.d`);
    for (const path of paths) {
      if (this.#stopped || this.#late) return;
      const code = await this.#runScript("cont-init", [path]);
      if (code !== undefined && code !== 0) failed.push(`${path} (${code})`);
    }
    if (failed.length === 0) return;
    this.#failures++;
    if (this.#settings.ifStage2Fails < WARN_ON_FAILURE) return;
    this.#port.say("warning", "cont-init", `${failed.length} of ${paths.length} scripts failed: ${failed.join(", ")}`);
  }

  async #startServices(): Promise<void> {
    const awaited = new Map<string, InstalledService>();
    const allUp = Promise.withResolvers<void>();
    const lost: string[] = [];
    this.#port.onEvents((name, events) => {
      const service = awaited.get(name);
      if (service === undefined) return;
      if (events.includes("O")) lost.push(name);
      if (events.includes("O") || events.includes(service.tellsReadiness ? "U" : "u")) awaited.delete(name);
      if (awaited.size === 0) allUp.resolve();
    });
    const services = this.#port.installServices(`${this.#plan.etc}/services.d`);
    if (this.#settings.waitForServices) { for (const service of services) if (!service.down) awaited.set(service.name, service); }
    if (services.length > 0) this.#port.startServices();
    if (awaited.size > 0) await this.#unlessInterrupted(allUp.promise);
    const missing = [...lost, ...awaited.keys()];
    if (missing.length === 0 || this.#stopped) return;
    this.#failures++;
    this.#port.say("warning", "services-up", `not up: ${missing.join(", ")}`);
  }
}
