/**
 * The record of deaths of ./run in a service directory: `supervise/death_tally`, as in C s6, and
 * the reasons beside it.
 */
import { deathCause } from "../counters/core/counts.ts";
import { DTALLY_FILENAME, REASON_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { DeathReason } from "../servicedir/core/death_reasons.ts";
import { appendReason } from "../servicedir/core/death_reasons.ts";
import { appendDeath, DTALLY_PACK, MAX_DEATH_TALLY } from "../servicedir/core/dtally.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import type { Tain } from "../core/time/tain.ts";
import { addMilliseconds } from "../core/time/tain.ts";
import { exitStatusOf, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import type { Effect, Machine, Moment } from "./core/machine.ts";
import type { SupervisePort } from "./port.ts";
import type { ServiceFiles } from "./service_files.ts";

export class DeathHistory {
  readonly #port: SupervisePort;
  readonly #files: ServiceFiles;
  /** Deaths since the supervisor began, or since somebody has emptied the tally. */
  #deaths = 0;
  /** How many of them the tally held when it was last written. */
  #kept = 0;
  /** All deaths by cause; undefined as long as there was none: most services never die. */
  #causes: Record<string, number> | undefined;

  constructor(port: SupervisePort, files: ServiceFiles) {
    this.#port = port;
    this.#files = files;
  }

  /** Deaths since the supervisor began, by cause. */
  get deaths(): Readonly<Record<string, number>> | undefined {
    return this.#causes;
  }

  /** Counts a death of ./run for those who ask (lib/counters). */
  count(wstat: number, oom: boolean): void {
    const cause = deathCause(wstat, oom);
    const causes = this.#causes ??= {};
    causes[cause] = (causes[cause] ?? 0) + 1;
  }

  /** Records a death of ./run; `status` says how and when. */
  died({ stamp, wstat }: Svstatus): void {
    const max = Math.min(this.#files.value("max-death-tally"), MAX_DEATH_TALLY);
    if (max === 0) return;
    this.#files.guard(`update ${DTALLY_FILENAME}`, () => {
      const tally = this.#port.read(DTALLY_FILENAME) ?? new Uint8Array(0);
      const sig = wifsignaled(wstat) ? wtermsig(wstat) : 0;
      const death = { stamp, exitcode: exitStatusOf(wstat), sig };
      const bytes = appendDeath(tally, death, max);
      this.#port.replace(DTALLY_FILENAME, bytes);
      const before = Math.trunc(tally.length / DTALLY_PACK);
      this.#deaths = (before === this.#kept ? this.#deaths : before) + 1;
      this.#kept = bytes.length / DTALLY_PACK;
      this.#count(stamp, max);
    }, undefined);
  }

  /**
   * Records now and then which death of all this one was. A reader counts on from there, so that
   * the tally may forget older ones.
   */
  #count(stamp: Tain, max: number): void {
    const isDue = this.#deaths === max || this.#deaths % Math.ceil(max / 2) === 0;
    if (this.#deaths >= max && isDue) this.#append({ stamp, oom: false, deaths: this.#deaths });
  }

  /** Records the cause of that death, when the next life begins, or why it can't. */
  explain(
    { oom, over, delayed, done, fault }: Extract<Effect, { kind: "explain" }>,
    { status: { stamp }, nextStartMs }: Machine,
    now: Moment,
  ): void {
    const reason: DeathReason = {
      stamp,
      oom,
      ...(delayed ? { next: addMilliseconds(now.wallclock, nextStartMs - now.monotonicMs) } : {}),
      ...(over === undefined ? {} : { over }),
      ...(done ? { done } : {}),
      ...(fault === undefined ? {} : { fault }),
    };
    this.#append(reason);
  }

  #append(reason: DeathReason): void {
    this.#files.guard(`update ${REASON_FILENAME}`, () => {
      this.#port.replace(
        REASON_FILENAME,
        appendReason(this.#port.read(REASON_FILENAME) ?? new Uint8Array(0), reason),
      );
    }, undefined);
  }
}
