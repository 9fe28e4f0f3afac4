/** Options of the loop of s6-svscan. */
import type { ScandirOrder, ScanLimits } from "./core/scandir.ts";
import type { Stdio } from "../supervise/port.ts";
import type { Caretaker } from "./caretaker.ts";

export interface ScandirOptions extends ScanLimits {
  /** The interval of periodic scans; absent: only on request. */
  readonly rescanMs?: number;
  /** The standard error of the catch-all logger. */
  readonly consoleFd?: number;
  /** What services without a logger write goes to our standard output with their names. */
  readonly namesOutput?: boolean;
  /** What signals mean; absent: what they mean to s6-svscan. */
  readonly signalOrders?: Readonly<Record<string, ScandirOrder | undefined>>;
  readonly caretaker?: Caretaker;
  /** The ends of pipes that others hold for a service of that name. */
  givenStdio?(name: string, pipeFd: number | undefined): Stdio | undefined;
  /** All has ended, or was told to be left alone: the process is to leave. */
  onLeave(): void;
}
