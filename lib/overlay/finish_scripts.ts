/** The scripts of cont-finish.d, which run once, one after the other. */
import { SIGKILL } from "../core/linux/signals.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { EndRequest } from "./end_request.ts";
import type { Patience } from "./patience.ts";
import type { OverlayPort } from "./port.ts";

export interface FinishPlan {
  readonly directory: string;
  /** S6_KILL_FINISH_MAXTIME; 0: no limit. */
  readonly finishMaxMs: number;
}

export class FinishScripts {
  readonly #port: OverlayPort;
  readonly #plan: FinishPlan;
  readonly #end: EndRequest;
  readonly #patience: Patience;
  #run: Promise<void> | undefined;

  constructor(port: OverlayPort, plan: FinishPlan, end: EndRequest, patience: Patience) {
    this.#port = port;
    this.#plan = plan;
    this.#end = end;
    this.#patience = patience;
  }

  /** Runs them after `first`. Later calls wait for the same run. */
  runAfter(first: () => Promise<void>): Promise<void> {
    return this.#run ??= first().then(() => this.#runAll());
  }

  async #runAll(): Promise<void> {
    const { directory, finishMaxMs } = this.#plan;
    for (const path of this.#port.scripts(directory)) {
      if (this.#end.isHurried) return;
      this.#port.say("info", "cont-finish", `running ${path}`);
      const script = this.#port.startScript([path]);
      if ("reason" in script) {
        this.#port.say("warning", "cont-finish", script.reason);
        continue;
      }
      if (!await this.#patience.within(script.ended, finishMaxMs)) {
        const why = this.#end.isHurried
          ? "is not waited for any longer"
          : `has not ended within ${finishMaxMs} ms (S6_KILL_FINISH_MAXTIME)`;
        this.#port.say("warning", "cont-finish", `${path} ${why}: killing it`);
        this.#port.kill(-script.pid, SIGKILL);
      }
      this.#port.say("info", "cont-finish", `${path} exited ${exitStatusOf(await script.ended)}`);
    }
  }
}
