/** Options of the loop of s6-svscan. */
import type { ScandirOrder, ScanLimits } from "./core/scandir.ts";
import type { Stdio } from "../supervise/port.ts";
import type { Caretaker } from "./caretaker.ts";

export interface ScandirOptions extends ScanLimits {
  /** The interval of periodic scans; absent: only on request. */
  readonly rescanMs?: number;
  /** The standard error of the catch-all logger. */
  readonly consoleFd?: number;
  /** The output of services without a logger goes to our standard output with their names. */
  readonly namesOutput?: boolean;
  /** The meaning of signals; absent: that of s6-svscan. */
  readonly signalOrders?: Readonly<Record<string, ScandirOrder | undefined>>;
  readonly caretaker?: Caretaker;
  /** The ends of pipes that others hold for a service of that name. */
  givenStdio?(name: string, pipeFd: number | undefined): Stdio | undefined;
  /** Everything has ended, or is to be left running: the process must exit. */
  onLeave(): void;
}
