/**
 * The record of deaths of ./run in a service directory: `supervise/death_tally`, as in C s6, and
 * the reasons beside it.
 */
import { DTALLY_FILENAME, REASON_FILENAME } from "../servicedir/core/supervise_files.ts";
import type { DeathReason } from "../servicedir/core/death_reasons.ts";
import { appendReason } from "../servicedir/core/death_reasons.ts";
import { appendDeath, MAX_DEATH_TALLY } from "../servicedir/core/dtally.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { addMilliseconds } from "../core/time/tain.ts";
import { exitStatusOf, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import type { Effect, Machine, Moment } from "./core/machine.ts";
import type { SupervisePort } from "./port.ts";
import type { ServiceFiles } from "./service_files.ts";

export class DeathHistory {
  readonly #port: SupervisePort;
  readonly #files: ServiceFiles;

  constructor(port: SupervisePort, files: ServiceFiles) {
    this.#port = port;
    this.#files = files;
  }

  /** Records a death of ./run; `status` says how and when. */
  died({ stamp, wstat }: Svstatus): void {
    const max = Math.min(this.#files.value("max-death-tally"), MAX_DEATH_TALLY);
    if (max === 0) return;
    this.#files.guard(`update ${DTALLY_FILENAME}`, () => {
      const tally = this.#port.read(DTALLY_FILENAME) ?? new Uint8Array(0);
      const sig = wifsignaled(wstat) ? wtermsig(wstat) : 0;
      const death = { stamp, exitcode: exitStatusOf(wstat), sig };
      this.#port.replace(DTALLY_FILENAME, appendDeath(tally, death, max));
    }, undefined);
  }

  /** Records the cause of that death, and when the next life begins. */
  explain(
    { oom, over, delayed }: Extract<Effect, { kind: "explain" }>,
    { status: { stamp }, nextStartMs }: Machine,
    now: Moment,
  ): void {
    const reason: DeathReason = {
      stamp,
      oom,
      ...(delayed ? { next: addMilliseconds(now.wallclock, nextStartMs - now.monotonicMs) } : {}),
      ...(over === undefined ? {} : { over }),
    };
    this.#files.guard(`update ${REASON_FILENAME}`, () => {
      this.#port.replace(
        REASON_FILENAME,
        appendReason(this.#port.read(REASON_FILENAME) ?? new Uint8Array(0), reason),
      );
    }, undefined);
  }
}
