/**
 * Log directories that come later: of services that come, and of loggers that are started or make
 * their directory when they get to it. No event tells of the latter; so it is looked soon after
 * each event, and then again and again, less and less often.
 */
import type { EventHub } from "../fifodir/hub.ts";
import type { FoundLog } from "../logreader/log_reading.ts";
import { logsOf } from "./service_logs.ts";
import { listServices, withLogger } from "./services.ts";
import type { NamedService } from "../servicedir/named_service.ts";
import { TreeWatch } from "./tree_watch.ts";
import { SyscallError } from "../libc/bind.ts";

const FIRST_MS = 50;
const LONGEST_MS = 3200;

export interface LogArrivalsOptions {
  readonly scandir: string | undefined;
  /** Those whose logs are asked for. */
  readonly services: readonly NamedService[];
  /** All services of the scan directory are asked for, those that come later too. */
  readonly everything: boolean;
  /** Told of all log directories that are there, again and again. */
  onLogs(found: readonly FoundLog[]): void;
}

export class LogArrivals implements Disposable {
  readonly #hub: EventHub;
  readonly #options: LogArrivalsOptions;
  readonly #watch: TreeWatch;
  #timer: Disposable | undefined;
  #delayMs = FIRST_MS;

  /** @throws {SyscallError} If there is no descriptor left. */
  constructor(hub: EventHub, options: LogArrivalsOptions) {
    this.#hub = hub;
    this.#options = options;
    const services = options.everything ? options.services : options.services.flatMap(withLogger);
    const soon = (): void => this.#lookSoon();
    this.#watch = new TreeWatch(hub, {
      scandir: options.scandir,
      services,
      everything: options.everything,
      later: options.services.map(({ directory }) => `${directory}/log`),
    }, { onEvents: soon, onServices: soon });
    this.#lookSoon();
  }

  #lookSoon(): void {
    this.#delayMs = FIRST_MS;
    this.#lookLater();
  }

  #lookLater(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = this.#hub.after(this.#delayMs, () => this.#look());
  }

  #look(): void {
    this.#delayMs = Math.min(LONGEST_MS, this.#delayMs * 2);
    this.#lookLater();
    const { everything, services, onLogs } = this.#options;
    const writers = everything
      ? this.#watch.services.filter(({ isLogger }) => !isLogger)
      : services;
    onLogs(logsOf(writers, [...this.#present(), ...writers.flatMap(withLogger)]));
  }

  /** None while the scan directory is not to be read. */
  #present(): readonly NamedService[] {
    const { scandir } = this.#options;
    try {
      return scandir === undefined ? [] : listServices(scandir);
    } catch (error) {
      if (error instanceof SyscallError) return [];
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#watch[Symbol.dispose]();
  }
}
