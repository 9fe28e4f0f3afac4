/**
 * Waiting for descriptors: one epoll_wait on a thread of the runtime, which costs nothing while
 * nothing happens. What became readable is told by callbacks, each called again as long as there is
 * something to read.
 */
import { MACHINE } from "../core/linux/machine.ts";
import { Portions } from "./portions.ts";
import { bindLibrary, call, checked } from "./bind.ts";
import { close, read, write } from "./file.ts";

const EPOLL_CLOEXEC = 0o2000000;
const EFD_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EPOLLOUT = 4;
const MAX_EVENTS = 64;
// struct epoll_event: u32 events, u64 data: descriptor and generation
const SIZEOF_EVENT = MACHINE.epollEvent.size;
const DESCRIPTOR = MACHINE.epollEvent.data;
const GENERATION = DESCRIPTOR + 4;
/** How long there is no rest after `hurry`: a rest would make a writer wait for us. */
const HURRY_MS = 100;
/** How long a descriptor rests after its callback has thrown. */
const MISHAP_REST_MS = 1000;
const ONE = new Uint8Array(new BigUint64Array([1n]).buffer);
const UNTIL_SOMETHING = -1;
const JUST_LOOK = 0;

const EPOLL_WAIT = [
  "i32", // int epfd
  "buffer", // struct epoll_event *events
  "i32", // int maxevents
  "i32", // int timeout
] as const;

const libc = bindLibrary({
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: {
    parameters: [
      "i32", // int epfd
      "i32", // int op
      "i32", // int fd
      "buffer", // struct epoll_event *event
    ],
    result: "i32",
  },
  epoll_wait: { parameters: EPOLL_WAIT, result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
});

const waiting = bindLibrary({
  epoll_wait: { parameters: EPOLL_WAIT, result: "i32", nonblocking: true },
});

interface Watch {
  /**
   * Tells this use of a descriptor's number from an earlier one: what was reported for that one is
   * not for this one.
   */
  readonly generation: number;
  readonly onReady: () => void;
  readonly events: number;
}

/** A set of descriptors and what is to be done when one can be read. */
export interface PollerOptions {
  /**
   * Where things come one by one and soon after each other, each of them alone would cost a
   * wake-up: after a wait that was shorter than this, there is a rest so long before it is looked
   * what has come meanwhile. Default: 0, never.
   */
  readonly restMs?: number;
  /**
   * Hears what a callback has thrown. Its descriptor is then left alone for a second: what made it
   * call back is still there, and would call back without an end. Absent: `run` throws it.
   */
  onMishap?(error: unknown): void;
}

export class Poller implements Disposable {
  readonly #epollFd: number;
  readonly #wakeFd: number;
  readonly #watches = new Map<number, Watch>();
  /**
   * What is too much for one turn; between two portions all descriptors are looked at, and the
   * runtime's signals and timers too.
   */
  readonly portions = new Portions((turn) => this.#doLater(turn));
  #later: (() => void) | undefined;
  #isWaiting = false;
  #generation = 0;
  readonly #restMs: number;
  readonly #onMishap: ((error: unknown) => void) | undefined;
  /** Until then there is no rest. */
  #hurryUntilMs = 0;
  #stopped = false;

  /** @throws {SyscallError} If there is no descriptor left. */
  constructor({ restMs = 0, onMishap }: PollerOptions = {}) {
    this.#restMs = restMs;
    this.#onMishap = onMishap;
    this.#epollFd = checked("create an epoll descriptor", call(libc.epoll_create1, EPOLL_CLOEXEC));
    this.#wakeFd = checked("create an event descriptor", call(libc.eventfd, 0, EFD_CLOEXEC));
    this.watch(this.#wakeFd, () => void read(this.#wakeFd, new Uint8Array(ONE.length)));
  }

  /**
   * Calls `onReady` whenever `fd` can be read (or written, with `writing`), is at its end, or is in
   * error; with `hangup` only when nobody holds the other end any more, or it is in error.
   *
   * @throws {SyscallError} If `fd` can't be watched (a regular file: EPERM).
   */
  watch(
    fd: number,
    onReady: () => void,
    options: { readonly writing?: boolean; readonly hangup?: boolean } = {},
  ): void {
    const events = options.hangup ? 0 : options.writing ? EPOLLOUT : EPOLLIN;
    const generation = this.#generation = (this.#generation + 1) >>> 0;
    const watch: Watch = { generation, onReady, events };
    checked(`watch descriptor ${fd}`, this.#add(fd, watch));
    this.#watches.set(fd, watch);
  }

  #add(fd: number, { generation, events }: Watch): number {
    const event = new DataView(new ArrayBuffer(SIZEOF_EVENT));
    event.setUint32(0, events, true);
    event.setInt32(DESCRIPTOR, fd, true);
    event.setUint32(GENERATION, generation, true);
    return call(libc.epoll_ctl, this.#epollFd, EPOLL_CTL_ADD, fd, new Uint8Array(event.buffer));
  }

  /** Stops watching; call it before the descriptor is closed. */
  unwatch(fd: number): void {
    if (this.#watches.delete(fd)) {
      libc.epoll_ctl(this.#epollFd, EPOLL_CTL_DEL, fd, new Uint8Array(SIZEOF_EVENT));
    }
  }

  /** Waits and calls back until `stop`. */
  async run(): Promise<void> {
    // SAFETY: the buffer is ours until the promise has settled, which the loop awaits.
    const events = new Uint8Array(SIZEOF_EVENT * MAX_EVENTS);
    const view = new DataView(events.buffer);
    while (!this.#stopped) {
      const askedMs = performance.now();
      const later = this.#takeLater();
      this.#isWaiting = true;
      const count = await waiting.epoll_wait(
        this.#epollFd,
        events,
        MAX_EVENTS,
        later === undefined ? UNTIL_SOMETHING : JUST_LOOK,
      );
      this.#isWaiting = false;
      const wasShort = performance.now() - askedMs < this.#restMs;
      // errno of that thread can't be read; -1 is EINTR (a signal landed there), and then one
      // simply waits again.
      this.#reportAll(view, count);
      if (later !== undefined) this.#survive(later);
      if (wasShort && this.#later === undefined) await this.#gather(events, view);
    }
  }

  /** What asks for a turn while the loop waits wakes it. */
  #doLater(turn: () => void): void {
    this.#later = turn;
    if (this.#isWaiting) write(this.#wakeFd, ONE);
  }

  #takeLater(): (() => void) | undefined {
    const later = this.#later;
    this.#later = undefined;
    return later;
  }

  /**
   * Rests, and asks what has come meanwhile, as long as something has: that needs no other thread.
   */
  async #gather(events: Uint8Array<ArrayBuffer>, view: DataView): Promise<void> {
    for (
      let count = 1;
      count > 0 && !this.#stopped && this.#later === undefined &&
      performance.now() >= this.#hurryUntilMs;
    ) {
      await new Promise((resolve) => setTimeout(resolve, this.#restMs));
      count = this.#stopped ? 0 : libc.epoll_wait(this.#epollFd, events, MAX_EVENTS, 0);
      this.#reportAll(view, count);
    }
  }

  #reportAll(events: DataView, count: number): void {
    for (let i = 0; i < count && !this.#stopped; i++) this.#report(events, SIZEOF_EVENT * i);
  }

  /** To be called by a callback: there is much to do, and will be for a while. */
  hurry(): void {
    this.#hurryUntilMs = performance.now() + HURRY_MS;
  }

  #report(events: DataView, at: number): void {
    const fd = events.getInt32(at + DESCRIPTOR, true);
    const watch = this.#watches.get(fd);
    if (watch === undefined || watch.generation !== events.getUint32(at + GENERATION, true)) return;
    this.#survive(watch.onReady, () => this.#rest(fd, watch));
  }

  #survive(callback: () => void, afterMishap?: () => void): void {
    try {
      callback();
    } catch (error) {
      if (this.#onMishap === undefined) throw error;
      afterMishap?.();
      this.#onMishap(error);
    }
  }

  #rest(fd: number, watch: Watch): void {
    if (this.#watches.get(fd) !== watch) return;
    libc.epoll_ctl(this.#epollFd, EPOLL_CTL_DEL, fd, new Uint8Array(SIZEOF_EVENT));
    setTimeout(() => {
      if (this.#watches.get(fd) === watch) this.#add(fd, watch);
    }, MISHAP_REST_MS);
  }

  /** Makes `run` return once the current callback has. */
  stop(): void {
    this.#stopped = true;
    write(this.#wakeFd, ONE);
  }

  [Symbol.dispose](): void {
    close(this.#epollFd);
    close(this.#wakeFd);
  }
}
