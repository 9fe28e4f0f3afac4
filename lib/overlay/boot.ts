/**
 * A container's boot: the hook, attributes, the scripts of cont-init.d one after the other, and
 * services. If an image defines services for s6-rc, these steps are oneshots among them. Failed
 * steps are counted; S6_BEHAVIOUR_IF_STAGE2_FAILS decides what follows. A request to end the
 * container, and the time limit, interrupt every wait. Source: s6-overlay 3.2.3, rc.init,
 * s6-rc/scripts/cont-init and services-up; 2.2.0.3, init-stage2.
 */
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { variableWords } from "./core/overlay_settings.ts";
import { SIGCONT, SIGKILL, SIGTERM } from "../core/linux/signals.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import { SyscallError } from "../libc/bind.ts";
import { mishapText } from "../mishap/core/mishap_text.ts";
import { bootSummary } from "./core/boot_summary.ts";
import { Awaited } from "./core/awaited.ts";
import type { EndRequest } from "./end_request.ts";
import type { FinishScripts } from "./finish_scripts.ts";
import type { Patience } from "./patience.ts";
import type { Child, InstalledService, OverlayPort, OwnSteps, ServiceTree } from "./port.ts";

export interface BootPlan {
  /** Where cont-init.d and so on are. */
  readonly etc: string;
  /** The container's CMD, as the engine gave it. */
  readonly command: readonly string[];
  readonly end: EndRequest;
  readonly patience: Patience;
  readonly finishScripts: FinishScripts;
}

export type BootResult =
  /** All words of the CMD; if empty, the container has only services. */
  | { readonly kind: "booted"; readonly command: readonly string[] }
  | { readonly kind: "failed"; readonly reason: string; readonly code: number };

const STOP_ON_FAILURE = 2;
const WARN_ON_FAILURE = 1;
/** The S6_VERBOSITY at which s6-rc reports each service too. */
const TELLS_DURATION = 3;
const TELLS_DURATION_OF_TREE = 2;
const EXIT_FAILED = 1;
/** The exit code of s6-rc when it runs out of time. */
const EXIT_LATE = 2;
/** Characters that plain word splitting can't handle: a command with one of them needs a shell. */
const SHELL_SYNTAX = /["'\\$`|&;<>()*?[\]{}~#!]/;

export class Boot {
  readonly #port: OverlayPort;
  readonly #settings: OverlaySettings;
  readonly #plan: BootPlan;
  readonly #end: EndRequest;
  readonly #timeUp = Promise.withResolvers<void>();
  #late = false;
  #running: Child | undefined;
  #failures = 0;
  #tree: ServiceTree | undefined;
  #services: readonly InstalledService[] = [];

  constructor(port: OverlayPort, settings: OverlaySettings, plan: BootPlan) {
    this.#port = port;
    this.#settings = settings;
    this.#plan = plan;
    this.#end = plan.end;
  }

  /** The running script. */
  get running(): Child | undefined {
    return this.#running;
  }

  /** The services that s6-rc manages; undefined: there are none, or none yet. */
  get tree(): ServiceTree | undefined {
    return this.#tree;
  }

  /** Ends the running script, if there is one: SIGTERM, then SIGKILL after the grace time. */
  async endScript(): Promise<void> {
    const script = this.#running;
    if (script === undefined) return;
    this.#port.kill(-script.pid, SIGTERM);
    this.#port.kill(-script.pid, SIGCONT);
    const { killGraceMs } = this.#settings;
    if (killGraceMs > 0 && await this.#plan.patience.within(script.ended, killGraceMs)) return;
    this.#port.kill(-script.pid, SIGKILL);
    await script.ended;
  }

  /** Runs the cont-finish scripts, once, after the last script of the boot has ended. */
  finish(): Promise<void> {
    return this.#plan.finishScripts.runAfter(() => this.endScript());
  }

  /** Boots. Returns early if the end is requested; the result has no meaning then. */
  async run(): Promise<BootResult> {
    const begunMs = this.#port.monotonicMs();
    const { waitForClosingFd, applySysctl, ifStage2Fails, verbosity } = this.#settings;
    if (waitForClosingFd >= 3) {
      await this.#unlessInterrupted(this.#port.endOfFile(waitForClosingFd));
    }
    if (applySysctl) this.#port.applySysctl();
    const hookCode = await this.#runHook();
    if (hookCode !== 0 && ifStage2Fails >= STOP_ON_FAILURE) {
      return {
        kind: "failed",
        reason: `S6_STAGE2_HOOK exited ${hookCode}: stopping the container`,
        code: hookCode,
      };
    }
    await this.#openTree();
    const code = this.#tree === undefined
      ? await this.#runSteps()
      : await this.#bringUp(this.#tree);
    if (code > 0 && ifStage2Fails >= WARN_ON_FAILURE) {
      const reason = this.#tree === undefined
        ? `${this.#failures} of the boot's steps failed`
        : "s6-rc failed to properly bring all the services up! Check your logs (in /run/uncaught-logs/current if you have in-container logging) for more information.";
      if (ifStage2Fails >= STOP_ON_FAILURE) {
        return { kind: "failed", reason: `${reason}: stopping the container`, code };
      }
      this.#port.say("warning", "init", `${reason} (going on)`);
    }
    const tellsFrom = this.#tree === undefined ? TELLS_DURATION : TELLS_DURATION_OF_TREE;
    if (verbosity >= tellsFrom && !this.#end.isAsked) {
      const started = this.#tree?.started() ?? [];
      const tookMs = this.#port.monotonicMs() - begunMs;
      this.#port.say("info", "init", bootSummary(started, this.#services.length, tookMs));
    }
    return { kind: "booted", command: this.#commandWords() };
  }

  /** Runs a step. An unexpected exception counts as its failure. */
  async #through(step: () => Promise<number> | number): Promise<number> {
    try {
      return await step();
    } catch (error) {
      this.#port.say("warning", "init", `${mishapText(error)}. Please report it`);
      return this.#failed();
    }
  }

  /**
   * Opens the services for s6-rc. If that fails, the rest of the image still boots, and the failure
   * is counted.
   */
  async #openTree(): Promise<void> {
    if (this.#end.isAsked) return;
    try {
      this.#tree = await this.#port.openTree(this.#ownSteps());
    } catch (error) {
      const why = error instanceof SyscallError
        ? error.message
        : `${mishapText(error)}. Please report it`;
      this.#port.say("warning", "init", `unable to start what is defined for s6-rc: ${why}`);
      this.#failures++;
    }
  }

  /** The steps as oneshots of s6-rc: if one fails, whatever needs it is not started. */
  #ownSteps(): OwnSteps {
    const nothing = (): Promise<number> => Promise.resolve(0);
    return {
      "fix-attrs": { up: () => this.#through(() => this.#fixAttributes()), down: nothing },
      "legacy-cont-init": {
        up: () => this.#through(() => this.#runInitScripts()),
        down: () => this.finish().then(() => 0),
      },
      "legacy-services": {
        up: () => this.#through(() => this.#startServices()),
        down: () => this.#through(() => this.#stopServices()),
      },
    };
  }

  /**
   * The boot of an image without definitions for s6-rc. @returns the exit code that s6-rc would
   * have
   */
  async #runSteps(): Promise<number> {
    const { bootMaxMs } = this.#settings;
    const cancel = bootMaxMs === 0 ? undefined : this.#port.after(bootMaxMs, () => this.#expire());
    for (
      const step of [
        () => this.#fixAttributes(),
        () => this.#runInitScripts(),
        () => this.#startServices(),
      ]
    ) {
      if (this.#end.isAsked || this.#late || await this.#through(step) !== 0) break;
    }
    cancel?.();
    if (this.#late) return EXIT_LATE;
    return this.#failures > 0 ? EXIT_FAILED : 0;
  }

  async #bringUp(tree: ServiceTree): Promise<number> {
    const code = await this.#unlessInterrupted(tree.up(this.#settings.bootMaxMs)) ?? 0;
    return code === 0 && tree.faults > 0 ? EXIT_FAILED : code;
  }

  #commandWords(): readonly string[] {
    const { command } = this.#plan;
    return command.length === 0 ? [] : [...variableWords(this.#settings.cmdArg0), ...command];
  }

  #expire(): void {
    this.#late = true;
    this.#port.say(
      "warning",
      "init",
      `the boot took ${this.#settings.bootMaxMs} ms (S6_CMD_WAIT_FOR_SERVICES_MAXTIME): waiting no longer`,
    );
    this.#failures++;
    this.#timeUp.resolve();
  }

  /** The value of the promise, or undefined if an end or the time limit comes first. */
  #unlessInterrupted<T>(promise: Promise<T>): Promise<T | undefined> {
    const nothing = (): undefined => undefined;
    return Promise.race([
      promise,
      this.#end.asked.then(nothing),
      this.#timeUp.promise.then(nothing),
    ]);
  }

  /**
   * Runs a program to its end. @returns its exit code, 128 + signal for a death by signal;
   * undefined if it was left running
   */
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
    const words = SHELL_SYNTAX.test(stage2Hook)
      ? ["/bin/sh", "-c", stage2Hook]
      : variableWords(stage2Hook);
    if (words.length === 0) return 0;
    const code = await this.#runScript("init", words) ?? 0;
    if (code !== 0) this.#port.say("warning", "init", `S6_STAGE2_HOOK exited ${code}`);
    return code;
  }

  /**
   * Counts the failure of a step. @returns the step's exit code, which is 0 if a failure is no
   * reason to stop
   */
  #failed(): number {
    this.#failures++;
    return this.#settings.ifStage2Fails >= STOP_ON_FAILURE ? EXIT_FAILED : 0;
  }

  #fixAttributes(): number {
    return this.#port.fixAttributes(`${this.#plan.etc}/fix-attrs.d`) ? 0 : this.#failed();
  }

  async #runInitScripts(): Promise<number> {
    const failed: string[] = [];
    const paths = this.#port.scripts(`${this.#plan.etc}/cont-init.d`);
    for (const path of paths) {
      if (this.#end.isAsked || this.#late) return EXIT_FAILED;
      const code = await this.#runScript("cont-init", [path]);
      if (code !== undefined && code !== 0) failed.push(`${path} (${code})`);
    }
    if (failed.length === 0) return 0;
    if (this.#settings.ifStage2Fails >= WARN_ON_FAILURE) {
      this.#port.say(
        "warning",
        "cont-init",
        `${failed.length} of ${paths.length} scripts failed: ${failed.join(", ")}`,
      );
    }
    return this.#failed();
  }

  async #startServices(): Promise<number> {
    const isAgain = this.#services.length > 0;
    const listening: { awaited?: Awaited; look?: () => void } = {};
    this.#port.onEvents((name, events) => {
      listening.awaited?.hear(name, events);
      listening.look?.();
    });
    if (!isAgain) this.#services = this.#port.installServices(`${this.#plan.etc}/services.d`);
    const wanted = this.#services.filter(({ down }) => !down);
    const awaited = listening.awaited = new Awaited(this.#settings.waitForServices ? wanted : []);
    if (isAgain) {
      const names = wanted.map(({ name }) => name);
      const left = this.#port.orderServices(names, "up");
      for (const name of names.filter((each) => !left.includes(each))) awaited.isThere(name);
    } else if (this.#services.length > 0) this.#port.startServices();
    await this.#everyoneThere(awaited, (look) => listening.look = look);
    if (awaited.absent.length === 0 || this.#end.isAsked) return 0;
    this.#port.say("warning", "services-up", `not up: ${awaited.absent.join(", ")}`);
    return this.#failed();
  }

  /**
   * Waits for services. One that can't report readiness must have run for a while, so that it has
   * had time to fail.
   */
  async #everyoneThere(awaited: Awaited, listen: (look: () => void) => void): Promise<void> {
    const { servicesReadyMs } = this.#settings;
    const over = Promise.withResolvers<void>();
    let waits = awaited.someTellNothing && servicesReadyMs > 0;
    const look = (): void => {
      if (!waits && awaited.isOver) over.resolve();
    };
    const cancel = waits
      ? this.#port.after(servicesReadyMs, () => {
        waits = false;
        look();
      })
      : undefined;
    listen(look);
    look();
    await this.#unlessInterrupted(over.promise);
    cancel?.();
  }

  /** Stops the services of services.d, and waits until they are down. */
  async #stopServices(): Promise<number> {
    const { servicesGraceMs } = this.#settings;
    const down = Promise.withResolvers<void>();
    const left = new Set<string>();
    this.#port.onEvents((name, events) => {
      if (events.includes("D") && left.delete(name) && left.size === 0) down.resolve();
    });
    for (const name of this.#port.orderServices(this.#services.map(({ name }) => name), "down")) {
      left.add(name);
    }
    if (left.size === 0) return 0;
    const cancel = servicesGraceMs === 0
      ? undefined
      : this.#port.after(servicesGraceMs, down.resolve);
    await down.promise;
    cancel?.();
    if (left.size > 0) {
      this.#port.say(
        "warning",
        "services-down",
        `not down within ${servicesGraceMs} ms (S6_SERVICES_GRACETIME): ${[...left].join(", ")}`,
      );
    }
    return 0;
  }
}
