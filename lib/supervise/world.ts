/** What the supervisors of one process share. */
import type { Histogram } from "../counters/core/histogram.ts";
import type { Poller } from "../libc/epoll.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LifeKeeper } from "./life_keeper.ts";
import type { LogHosting } from "./log_hosting.ts";
import type { OomCounter } from "./oom_counter.ts";
import type { ProcessTable } from "./process_table.ts";

export interface World {
  readonly poller: Poller;
  readonly reaper: Reaper;
  readonly processes: ProcessTable;
  readonly oom: OomCounter;
  /** Absent: each supervisor has its own. */
  readonly lives?: LifeKeeper;
  /** The command that runs `s6-setlock` with these arguments: the program and its argv. */
  setlock(args: readonly string[]): { readonly path: string; readonly argv: readonly string[] };
  /** Runs loggers that have a `logscript`; absent: there are only processes. */
  readonly logHosting?: LogHosting;
  /** What starts have taken, for those who ask; absent: nobody can. */
  readonly startTimes?: { readonly starts: Histogram; readonly readiness: Histogram };
  /** Prints `s6-supervise NAME: warning: text`. */
  warn(name: string, text: string): void;
  /** Receives the events of the service `name` at the same moment as its listeners. */
  onEvents?(name: string, events: string): void;
  /**
   * Is told that ./run of the service `name` can't be executed. `code`: 126 or 127, as in a shell.
   */
  onUnspawnable?(name: string, code: number, reason: string): void;
}
