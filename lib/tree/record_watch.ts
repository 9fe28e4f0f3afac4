/**
 * Hearing of changes in the records of s6-rc's live folders: each is replaced by a new file, and a
 * live folder by a link to another one.
 */
import { baseName, dirName } from "../core/text/path_name.ts";
import type { EventHub } from "../fifodir/hub.ts";
import { IN_CREATE, IN_MOVED_TO, IN_ONLYDIR } from "../libc/inotify.ts";
import { distinctPlaces } from "../libc/places.ts";
import { RECORD_FILE } from "../rc/core/live_record.ts";
import { usualLives } from "./live_records.ts";

const ARRIVALS = IN_CREATE | IN_MOVED_TO | IN_ONLYDIR;

export class RecordWatch implements Disposable {
  readonly #hub: EventHub;
  readonly #onChange: () => void;
  readonly #stack = new DisposableStack();
  /** By live folder. */
  readonly #watches = new Map<string, Disposable>();

  /** Calls back when a record may have changed, or a live folder has come. */
  constructor(hub: EventHub, scandir: string, onChange: () => void) {
    this.#hub = hub;
    this.#onChange = onChange;
    const usual = usualLives(scandir);
    for (const live of distinctPlaces(usual, dirName)) {
      const watch = this.#watch(dirName(live), baseName(live), () => {
        this.#forget();
        this.follow(usual);
        onChange();
      });
      if (watch !== undefined) this.#stack.use(watch);
    }
    this.follow(usual);
  }

  /** Listens to further live folders. @returns whether something may have been missed until now */
  follow(lives: readonly string[]): boolean {
    let some = false;
    for (const live of lives) {
      if (this.#watches.has(live)) continue;
      const watch = this.#watch(`${live}/.`, RECORD_FILE, this.#onChange);
      if (watch === undefined) continue;
      this.#watches.set(live, watch);
      some = true;
    }
    return some;
  }

  #watch(directory: string, wanted: string, onArrival: () => void): Disposable | undefined {
    const watch = this.#hub.watchFile(directory, ARRIVALS, ({ name }) => {
      if (name === "" || name === wanted) onArrival();
    });
    return typeof watch === "number" ? undefined : watch;
  }

  #forget(): void {
    for (const watch of this.#watches.values()) watch[Symbol.dispose]();
    this.#watches.clear();
  }

  [Symbol.dispose](): void {
    this.#forget();
    this.#stack.dispose();
  }
}
