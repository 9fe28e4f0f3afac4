/** What the supervisors of one process have in common. */
import type { Poller } from "../libc/epoll.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LogHosting } from "./log_hosting.ts";
import type { OomCounter } from "./oom_counter.ts";
import type { ProcessTable } from "./process_table.ts";

/** What all supervisors of a process share. */
export interface World {
  readonly poller: Poller;
  readonly reaper: Reaper;
  readonly processes: ProcessTable;
  readonly oom: OomCounter;
  /** How to run `s6-setlock` with these arguments: the program and its argv. */
  setlock(args: readonly string[]): { readonly path: string; readonly argv: readonly string[] };
  /** Runs loggers that have a `logscript`; absent: there are only processes. */
  readonly logHosting?: LogHosting;
  /** Says `s6-supervise NAME: warning: text`. */
  warn(name: string, text: string): void;
  /** Hears the events that listeners of the service `name` get, in the same moment. */
  onEvents?(name: string, events: string): void;
  /** Hears that ./run of the service `name` can't be executed. `code`: 126 or 127, as a shell's. */
  onUnspawnable?(name: string, code: number, reason: string): void;
}
