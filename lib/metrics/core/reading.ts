/** All that is read of a tree for one scrape. What could not be read is absent. Pure. */
import type { Answers } from "../../counters/core/counts.ts";
import type { Tain } from "../../core/time/tain.ts";
import type { LiveRecord } from "../../rc/core/live_record.ts";
import type { ServiceFacts } from "../../status/core/service_state.ts";

/** What processes use; a figure is absent if it could not be read of each of them. */
export interface Figures {
  readonly processes: number;
  readonly residentBytes?: number;
  readonly proportionalBytes?: number;
  readonly cpuSeconds: number;
  readonly openDescriptors?: number;
}

export interface ServiceReading {
  readonly facts: ServiceFacts;
  /** Absent if nothing runs, or it is not to be seen. */
  readonly figures?: Figures;
}

export interface LiveReading {
  /** The live folder. */
  readonly folder: string;
  readonly record: LiveRecord;
  /** That of the boot; absent as long as it goes on. */
  readonly boot?: LiveRecord;
}

export interface MemoryReading {
  readonly currentBytes?: number;
  readonly limitBytes?: number;
  readonly oomKills?: number;
}

export interface Reading {
  readonly now: Tain;
  readonly scandir: string;
  /** Undefined if this user may not know. */
  readonly scanned: boolean | undefined;
  readonly booting: boolean;
  /** Its last re-exec, if there was one and it may be known: Unix time, and how long it took. */
  readonly reexec?: { readonly atSeconds: number; readonly pauseSeconds: number };
  readonly services: readonly ServiceReading[];
  readonly live: readonly LiveReading[];
  /** Undefined if nobody could be asked. */
  readonly answers: Answers | undefined;
  /** By what they are: `s6-svscan`, `log host`. */
  readonly own: ReadonlyMap<string, Figures>;
  readonly memory: MemoryReading;
  readonly tookSeconds: number;
}
