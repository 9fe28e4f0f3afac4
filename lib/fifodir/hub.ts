/**
 * Waiting for several kinds of things at once, for as long as the caller likes: events of fifodirs
 * that come and go, changes of files, keys, timers. One epoll; whatever a callback throws ends the
 * waiting and is thrown by `run`. When it is over, or a signal ends the process, the FIFOs are
 * removed.
 */
import { Poller } from "../libc/epoll.ts";
import {
  type FileEvent,
  IN_IGNORED,
  IN_MASK_ADD,
  IN_Q_OVERFLOW,
  Inotify,
} from "../libc/inotify.ts";
import { raiseNofileLimit } from "../libc/resource_limit.ts";
import { beforeFatalSignal } from "./fatal_signals.ts";
import { subscribe, type Subscription } from "./subscribe.ts";
import { startTimer } from "./timer.ts";

interface FileWatch {
  readonly mask: number;
  readonly onChange: (event: FileEvent) => void;
}

/** Told to whoever watches, asked for or not. */
const TOLD_ANYWAY = IN_IGNORED | IN_Q_OVERFLOW;

export class EventHub implements Disposable {
  readonly #stack = new DisposableStack();
  readonly #poller: Poller;
  readonly #subscriptions = new Set<Subscription>();
  /** The kernel has one watch for a file, however many want to know of it. */
  readonly #fileWatches = new Map<number, Set<FileWatch>>();
  #inotify: Inotify | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @param onSignal What else is to be put in order before a signal ends the process */
  constructor(onSignal: () => void = () => {}) {
    raiseNofileLimit(); // a descriptor for each service
    this.#stack.use(beforeFatalSignal(() => {
      onSignal();
      this.#unsubscribe();
    }));
    this.#poller = this.#stack.use(new Poller());
  }

  /**
   * Calls back with each lot of events of the fifodir, until what is returned is disposed of.
   *
   * @throws {SyscallError} If it can't be listened to.
   */
  listen(fifodir: string, onEvents: (events: Uint8Array<ArrayBuffer>) => void): Disposable {
    const subscription = subscribe(fifodir);
    this.#subscriptions.add(subscription);
    this.watch(subscription.fd, () => {
      const events = subscription.readEvents();
      if (events.length > 0) onEvents(events);
    });
    return {
      [Symbol.dispose]: () => {
        if (!this.#subscriptions.delete(subscription)) return;
        this.#poller.unwatch(subscription.fd);
        subscription[Symbol.dispose]();
      },
    };
  }

  /** Calls back as long as `fd` can be read. @throws {SyscallError} If it can't be watched. */
  watch(fd: number, onReadable: () => void): void {
    this.#poller.watch(fd, () => this.#guarded(onReadable));
  }

  unwatch(fd: number): void {
    this.#poller.unwatch(fd);
  }

  /** Calls back when a file changes, as `mask` says. Returns what takes that back, or `-errno`. */
  watchFile(path: string, mask: number, onChange: (event: FileEvent) => void): Disposable | number {
    this.#inotify ??= this.#openInotify();
    const inotify = this.#inotify;
    const number = inotify.add(path, mask | IN_MASK_ADD);
    if (number < 0) return number;
    const watch: FileWatch = { mask, onChange };
    const watches = this.#fileWatches.get(number);
    if (watches === undefined) this.#fileWatches.set(number, new Set([watch]));
    else watches.add(watch);
    return { [Symbol.dispose]: () => this.#forget(inotify, number, watch) };
  }

  #forget(inotify: Inotify, number: number, watch: FileWatch): void {
    const watches = this.#fileWatches.get(number);
    if (watches?.delete(watch) !== true || watches.size > 0) return;
    this.#fileWatches.delete(number);
    inotify.remove(number);
  }

  #openInotify(): Inotify {
    const inotify = this.#stack.use(new Inotify());
    this.watch(inotify.fd, () => {
      for (const event of inotify.read()) {
        // where some were lost, all have to look
        const told = event.watch >= 0
          ? [this.#fileWatches.get(event.watch) ?? new Set<FileWatch>()]
          : [...this.#fileWatches.values()];
        for (const watches of told) tellAll(watches, event);
      }
    });
    return inotify;
  }

  /**
   * Calls back once, so many milliseconds from now, unless what is returned is disposed of before.
   */
  after(delayMs: number, onTime: () => void): Disposable {
    return startTimer(delayMs, () => this.#guarded(onTime));
  }

  #guarded(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Makes `run` throw: for what has gone wrong outside of a callback. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.stop();
  }

  /** Waits and calls back until `stop`. @throws Whatever a callback has thrown. */
  async run(): Promise<void> {
    if (this.#failure === undefined) await this.#poller.run();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Makes `run` return. */
  stop(): void {
    this.#poller.stop();
  }

  #unsubscribe(): void {
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    this.#subscriptions.clear();
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
    this.#stack.dispose();
  }
}

/** A callback may take back watches, its own and those of others. */
function tellAll(watches: ReadonlySet<FileWatch>, event: FileEvent): void {
  for (const watch of [...watches]) {
    if ((event.mask & (watch.mask | TOLD_ANYWAY)) !== 0 && watches.has(watch)) {
      watch.onChange(event);
    }
  }
}
