/** All that `hexad status` tells about one service. Pure. */
import type { ServiceFacts } from "./service_state.ts";
import type { Tain } from "../../core/time/tain.ts";

/** Proportional or resident set size. */
export type MemoryKind = "pss" | "rss";

/** What a service's processes use. */
export interface Usage {
  readonly processes: number;
  readonly memoryKind: MemoryKind;
  readonly memoryBytes: number;
  /** Of the living processes and the children that they have reaped. */
  readonly cpuSeconds: number;
}

export interface LastLine {
  /** Without its stamp and its newline. */
  readonly text: string;
  /** What its stamp says, if it has one. */
  readonly time?: Tain;
}

export interface ServiceReport {
  readonly facts: ServiceFacts;
  /** Of `run` or `finish` and what belongs to it, if anything runs. */
  readonly usage?: Usage;
  /** Share of one processor since the last look, in percent; absent at the first look. */
  readonly cpuPercent?: number;
  /** Where its lines go, if that could be found. */
  readonly logdir?: string;
  readonly lastLine?: LastLine;
}
