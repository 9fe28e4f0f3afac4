/**
 * The health checks of one service: a loop that carries out what the machine in
 * lib/health/core/health_machine.ts decides. It follows the service's status: a new life begins
 * with files that are read anew, and nothing is checked while the service is down, paused or told
 * to stop. No public method throws.
 */
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import type { HealthCounts } from "../counters/core/counts.ts";
import { compareTain } from "../core/time/tain.ts";
import type { HealthEffect, HealthEvent, HealthMachine } from "./core/health_machine.ts";
import { newHealth, step } from "./core/health_machine.ts";
import { packHealth } from "./core/health_record.ts";
import type { HealthSettings } from "./core/health_settings.ts";
import type { HealthPort, RunningCheck } from "./port.ts";

/** After an unexpected exception: the time until the next check. */
const MISHAP_REST_MS = 30_000;

export class ServiceHealth {
  readonly #port: HealthPort;
  #settings: HealthSettings | undefined;
  #machine: HealthMachine | undefined;
  /** The status of the life that is checked; undefined: none is. */
  #life: Svstatus | undefined;
  #running: RunningCheck | undefined;
  #counts: HealthCounts = { success: 0, failure: 0, unable: 0, seconds: 0 };
  /** When the check that runs was begun. */
  #beganMs = 0;
  readonly #events: HealthEvent[] = [];
  #isFeeding = false;

  constructor(port: HealthPort) {
    this.#port = port;
  }

  /** All checks since the service was first started. */
  get counts(): HealthCounts {
    return this.#counts;
  }

  /** @param runs It is up, and not told to stop */
  follow(status: Svstatus, runs: boolean): void {
    const before = this.#life;
    this.#life = runs ? status : undefined;
    if (!runs) {
      if (before !== undefined) this.#feed({ kind: "stop" });
    } else if (before === undefined || !isSameLife(before, status)) this.#begin();
    else if (before.flagpaused !== status.flagpaused) {
      this.#feed({ kind: status.flagpaused ? "pause" : "resume" });
    } else if (!before.flagready && status.flagready) this.#feed({ kind: "ready" });
  }

  /** The timer has run out. */
  timeout(): void {
    this.#feed({ kind: "timeout" });
  }

  #begin(): void {
    this.#survive(() => {
      this.#settings = this.#port.settings();
      if (this.#settings === undefined) return;
      const { rules } = this.#settings;
      this.#machine = this.#machine === undefined
        ? newHealth(rules, this.#port.moment())
        : { ...this.#machine, rules };
    });
    // without settings, what went on before has to end all the same
    this.#feed({ kind: this.#settings === undefined ? "stop" : "start" });
  }

  /** Events that come while one is handled wait for their turn. */
  #feed(event: HealthEvent): void {
    this.#events.push(event);
    if (this.#isFeeding) return;
    this.#isFeeding = true;
    for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) {
      this.#take(next);
    }
    this.#isFeeding = false;
  }

  #take(event: HealthEvent): void {
    const before = this.#machine;
    if (before === undefined) return;
    if (event.kind === "end") this.#running = undefined;
    this.#survive(() => {
      const now = this.#port.moment();
      if (before.phase === "CHECKING") this.#count(event, now.monotonicMs);
      const { machine, effects } = step(before, event, now);
      this.#machine = machine;
      for (const effect of effects) this.#do(effect);
    });
  }

  /** A check that is over: it has ended, or its time is up. */
  #count(event: HealthEvent, nowMs: number): void {
    const kind = event.kind === "end"
      ? event.outcome.kind
      : event.kind === "timeout"
      ? "failure"
      : undefined;
    if (kind === undefined) return;
    const { seconds, [kind]: before } = this.#counts;
    const took = kind === "unable" ? 0 : Math.max(0, nowMs - this.#beganMs) / 1000;
    this.#counts = { ...this.#counts, [kind]: before + 1, seconds: seconds + took };
  }

  #survive(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#port.mishap(error);
      this.#rest();
    }
  }

  /** Whatever has gone wrong, the next check comes, and only one. */
  #rest(): void {
    const machine = this.#machine;
    if (machine === undefined || machine.phase === "OFF") return;
    const lingers = machine.lingers || this.#running !== undefined;
    this.#machine = { ...machine, phase: "WAITING", lingers };
    try {
      this.#giveUp();
      this.#port.setTimer(this.#port.moment().monotonicMs + MISHAP_REST_MS);
    } catch (error) {
      this.#port.mishap(error);
    }
  }

  #giveUp(): void {
    this.#running?.giveUp(() => this.#feed({ kind: "gone" }));
    this.#running = undefined;
  }

  #do(effect: HealthEffect): void {
    switch (effect.kind) {
      case "check":
        this.#beganMs = this.#port.moment().monotonicMs;
        this.#running = this.#port.begin(
          this.#settings!.check,
          (outcome) => this.#feed({ kind: "end", outcome }),
        );
        return;
      case "giveUp":
        if (this.#running === undefined) this.#feed({ kind: "gone" });
        return this.#giveUp();
      case "timer":
        return this.#port.setTimer(effect.atMs);
      case "record":
        return this.#record();
      case "notify":
        return this.#port.notify(effect.event);
      case "warn":
        return this.#port.warn(effect.text);
      case "react":
        return this.#port.react(effect.reaction);
      default:
        return effect satisfies never;
    }
  }

  #record(): void {
    const { state, since, failures, failure } = this.#machine!;
    if (this.#life === undefined) return;
    const { stamp } = this.#life;
    this.#port.record(packHealth({ life: stamp, state, since, failures, ...failure }));
  }
}

function isSameLife(one: Svstatus, other: Svstatus): boolean {
  return one.pid === other.pid && compareTain(one.stamp, other.stamp) === 0;
}
