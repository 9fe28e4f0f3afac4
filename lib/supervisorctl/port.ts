/**
 * What supervisorctl needs of a tree of services. `system.ts` implements it on a scan directory;
 * tests have an implementation in memory.
 */
import type { ProcessInfo } from "./core/process_info.ts";

/** What supervisord would say is wrong, in its words. */
export type Fault =
  | "no such process"
  | "no such file"
  | "file is not executable"
  | "already started"
  | "spawn error"
  | "not running"
  | "bad signal name"
  | "no log file"
  | "failed";

/** A service of the scan directory, supervised or not. */
export interface AvailableService {
  readonly namespec: string;
  readonly isInUse: boolean;
  readonly isAutomatic: boolean;
}

export interface ControlledTree {
  /** Where the services are, as it is told if nobody supervises them. */
  readonly place: string;
  /** Whether somebody supervises them. */
  isSupervised(): boolean;
  /** The services that are supervised. */
  infos(): readonly ProcessInfo[];
  available(): readonly AvailableService[];
  /** Starts it and waits until it runs. */
  start(info: ProcessInfo): Promise<Fault | undefined>;
  /** Stops it and waits until it has. */
  stop(info: ProcessInfo): Promise<Fault | undefined>;
  /** @param signal By name or number */
  signal(info: ProcessInfo, signal: string): Fault | undefined;
  /** The last bytes of its log. */
  tail(info: ProcessInfo, bytes: number): Uint8Array<ArrayBuffer> | Fault;
  /** Shows what it writes, until it is interrupted. */
  follow(info: ProcessInfo): Promise<void>;
  clear(info: ProcessInfo): Fault | undefined;
  /** Of whoever supervises; 0 if that can't be found out. */
  pid(): number;
  /** Has the scan directory read again, and waits until these services are supervised. */
  take(namespecs: readonly string[]): Promise<void>;
  /**
   * Takes the service out of the scan directory. @returns why it can't be
   */
  drop(info: ProcessInfo): Promise<string | undefined>;
  /** If s6-rc manages the services: has it read its definitions. Undefined if it does not. */
  apply(options: { readonly dryRun: boolean }): Promise<number | undefined>;
  shutdown(): void;
}
