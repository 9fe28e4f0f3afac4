/**
 * Following the services of a scan directory while they come and go. Each is listened to as soon as
 * it has its fifodir; one that this user may not listen to is known to be there, and nothing more
 * is heard of it.
 */
import { EACCES, ENOENT, ENOTDIR } from "../core/linux/errno.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { SyscallError } from "../libc/bind.ts";
import { placeKey } from "../libc/places.ts";
import {
  IN_CREATE,
  IN_DELETE,
  IN_DELETE_SELF,
  IN_IGNORED,
  IN_MOVE_SELF,
  IN_MOVED_FROM,
  IN_MOVED_TO,
  IN_ONLYDIR,
} from "../libc/inotify.ts";
import { lastFault, watchFaults } from "../servicedir/fault_watch.ts";
import { listServices } from "./services.ts";
import type { NamedService } from "../servicedir/named_service.ts";

const ENTRY_CHANGES = IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF |
  IN_MOVE_SELF | IN_ONLYDIR;
const ENTRY_ARRIVALS = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

/** The scan directory has gone, or has another name now. */
const DIRECTORY_GONE = IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED;
/** How long it is waited before it is looked whether there is one again. */
const RETRY_MS = 1000;

export interface TreeWatchOptions {
  readonly scandir: string | undefined;
  readonly services: readonly NamedService[];
  /** All services of the scan directory, those that come later too. */
  readonly everything: boolean;
  /** Service directories of the scan directory that are wanted if they come later. */
  readonly later?: readonly string[];
}

export interface TreeEvents {
  /** Events of a service, each a byte of the fifodir protocol. */
  onEvents(service: NamedService, events: Uint8Array<ArrayBuffer>): void;
  /** `run` of a service could not be started. */
  onFault?(service: NamedService): void;
  /** The services are others now. */
  onServices?(): void;
}

interface Followed {
  readonly service: NamedService;
  /** The directory itself: another one may come to its name. */
  readonly place: string;
  /** What listens, or waits for something to listen to. */
  source: Disposable | undefined;
  /** What hears of starts that fail, if somebody wants to know. */
  faults: Disposable | undefined;
  /** Its events are heard. */
  heard: boolean;
}

export class TreeWatch implements Disposable {
  readonly #hub: EventHub;
  readonly #events: TreeEvents;
  readonly #scandir: string | undefined;
  readonly #followed = new Map<string, Followed>();
  /** Undefined: all. */
  readonly #wanted: readonly string[] | undefined;
  /** Of the scan directory: what watches it, or waits for one to watch. */
  #scandirWatch: Disposable | undefined;

  /**
   * Follows `services`; with a scan directory, also those that come later and are wanted.
   *
   * @throws {SyscallError} If there is no descriptor left.
   */
  constructor(hub: EventHub, options: TreeWatchOptions, events: TreeEvents) {
    this.#hub = hub;
    this.#events = events;
    this.#scandir = options.scandir;
    this.#wanted = options.everything
      ? undefined
      : [...options.services.map(({ directory }) => directory), ...options.later ?? []];
    for (const service of options.services) this.#follow(service);
    this.#watchScandir();
  }

  #watchScandir(): void {
    this.#scandirWatch?.[Symbol.dispose]();
    this.#scandirWatch = undefined;
    if (this.#scandir === undefined) return;
    const watch = this.#hub.watchFile(this.#scandir, ENTRY_CHANGES, ({ mask }) => {
      if ((mask & DIRECTORY_GONE) !== 0) this.#watchScandir();
      this.#rescan();
    });
    this.#scandirWatch = typeof watch !== "number" ? watch : this.#hub.after(RETRY_MS, () => {
      this.#watchScandir();
      this.#rescan();
    });
  }

  /** The services that are followed, in the order of their names. */
  get services(): readonly NamedService[] {
    return [...this.#followed.values()].map(({ service }) => service).sort((a, b) =>
      a.directory < b.directory ? -1 : 1
    );
  }

  /** Those of which nothing is heard, since this user may not listen to them. */
  get unheard(): readonly NamedService[] {
    return [...this.#followed.values()].filter(({ heard, source }) =>
      !heard && source === undefined
    ).map(({ service }) => service);
  }

  #follow(service: NamedService): void {
    const followed: Followed = {
      service,
      place: placeKey(service.directory),
      source: undefined,
      faults: undefined,
      heard: false,
    };
    this.#followed.set(service.directory, followed);
    this.#listen(followed);
  }

  #listen(followed: Followed): void {
    const { service } = followed;
    try {
      followed.source = this.#hub.listen(
        `${service.directory}/event`,
        (events) => {
          this.#events.onEvents(service, events);
          if (followed.faults === undefined) this.#listenForFaults(followed, { late: true });
        },
      );
      followed.heard = true;
      this.#listenForFaults(followed, { late: false });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      if (error.errno === ENOENT || error.errno === ENOTDIR) this.#awaitFifodir(followed);
      else if (error.errno !== EACCES) throw error;
    }
  }

  /** `late`: the supervisor has made its directory after its fifodir, and may have tried already. */
  #listenForFaults(followed: Followed, { late }: { readonly late: boolean }): void {
    const { service } = followed;
    const onFault = this.#events.onFault?.bind(this.#events, service);
    if (onFault === undefined) return;
    followed.faults = watchFaults(this.#hub, service.directory, onFault);
    if (late && followed.faults !== undefined && lastFault(service.directory) !== undefined) {
      onFault();
    }
  }

  /** Listens as soon as the supervisor has made the fifodir. */
  #awaitFifodir(followed: Followed): void {
    const { service } = followed;
    const watch = this.#hub.watchFile(service.directory, ENTRY_ARRIVALS, ({ name }) => {
      if (name !== "event" && name !== "log" || followed.heard) return;
      if (name === "log") return this.#rescan();
      followed.source?.[Symbol.dispose]();
      followed.source = undefined;
      this.#listen(followed);
      if (followed.heard) this.#events.onServices?.();
    });
    if (typeof watch !== "number") followed.source = watch;
  }

  #rescan(): void {
    if (this.#scandir === undefined) return;
    const now = new Map(
      this.#presentWanted().map((service) => [service.directory, service]),
    );
    for (const [directory, { place, source, faults }] of this.#followed) {
      if (now.has(directory) && placeKey(directory) === place) continue;
      source?.[Symbol.dispose]();
      faults?.[Symbol.dispose]();
      this.#followed.delete(directory);
    }
    for (const service of now.values()) {
      if (!this.#followed.has(service.directory)) this.#follow(service);
    }
    this.#events.onServices?.();
  }

  /** Those that are wanted, by the names under which they are followed already. */
  #presentWanted(): NamedService[] {
    const present = this.#present();
    if (this.#wanted === undefined) return present;
    const wanted = new Set(this.#wanted.map(placeKey));
    const followed = new Map(
      [...this.#followed.values()].map(({ service }) => [placeKey(service.directory), service]),
    );
    return present.flatMap((service) => {
      const key = placeKey(service.directory);
      return wanted.has(key) ? [followed.get(key) ?? service] : [];
    });
  }

  /** None while the scan directory is not there or not to be read. */
  #present(): NamedService[] {
    try {
      return listServices(this.#scandir!);
    } catch (error) {
      if (error instanceof SyscallError) return [];
      throw error;
    }
  }

  [Symbol.dispose](): void {
    this.#scandirWatch?.[Symbol.dispose]();
    for (const { source, faults } of this.#followed.values()) {
      source?.[Symbol.dispose]();
      faults?.[Symbol.dispose]();
    }
    this.#followed.clear();
  }
}
