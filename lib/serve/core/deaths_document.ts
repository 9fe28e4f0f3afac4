/** What `/v1/services/NAME/deaths` answers; docs/deaths.schema.json describes it. Pure. */
import { isoTime } from "../../core/time/utc_time.ts";
import { reasonOf } from "../../servicedir/core/death_reasons.ts";
import { exitFault, restarts, type ServiceFacts } from "../../status/core/service_state.ts";
import { signalText } from "../../status/core/status_document.ts";

export interface DeathsDocument {
  readonly format: 1;
  readonly service: string;
  readonly directory: string;
  /** Since its supervisor began; null if that can't be known. */
  readonly restarts: number | null;
  /** There may have been more: the oldest deaths have been forgotten. */
  readonly restartsAtLeast: boolean;
  /** The newest first. */
  readonly deaths: readonly {
    readonly time: string | null;
    readonly exitCode: number | null;
    readonly signal: string | null;
    /** The kernel has killed it for want of memory. */
    readonly outOfMemory: boolean;
    /** What the exit code says about a program that could not be executed. */
    readonly fault: string | null;
  }[];
}

export function deathsDocument(facts: ServiceFacts): DeathsDocument {
  const again = restarts(facts);
  return {
    format: 1,
    service: facts.name,
    directory: facts.directory,
    restarts: facts.status === undefined ? null : again.count,
    restartsAtLeast: again.atLeast,
    deaths: facts.deaths.toReversed().map((death) => ({
      time: isoTime(death.stamp) ?? null,
      exitCode: death.sig === 0 ? death.exitcode : null,
      signal: death.sig === 0 ? null : signalText(death.sig),
      outOfMemory: reasonOf(facts.reasons, death.stamp)?.oom === true,
      fault: exitFault(death) ?? null,
    })),
  };
}
