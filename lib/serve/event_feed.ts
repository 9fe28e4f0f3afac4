/**
 * What happens to the services, for all who follow it: the tree is listened to once, from the first
 * of them to a while after the last, so that one whose connection was lost misses nothing.
 */
import {
  type EventDocument,
  eventDocument,
  type HeardEvent,
} from "../status/core/service_event.ts";
import { hearing } from "../tree/heard_events.ts";
import { TreeWatch } from "../tree/tree_watch.ts";
import { EventRing, type NumberedEvent } from "./core/event_ring.ts";
import type { LiveHub } from "./live_hub.ts";
import type { ServedTree } from "./served_tree.ts";

const KEPT_EVENTS = 1000;
const LINGER_MS = 30_000;

/** Somebody who follows the events. */
export interface EventFollower {
  onEvent(event: NumberedEvent<EventDocument>): void;
  /** The services are others now. */
  onServices(): void;
  /** Nothing more will come: the tree can't be listened to any more. */
  onEnd(): void;
}

/** What somebody is told who begins to follow. Disposing of it ends that. */
export interface Following extends Disposable {
  /** What it has missed; undefined if that can't be told any more. */
  readonly missed: readonly NumberedEvent<EventDocument>[] | undefined;
  /** Of the last event before what will come. */
  readonly lastId: string;
  /** Services of which nothing is heard, since this user may not listen to them. */
  readonly unheard: readonly string[];
}

interface Listening {
  readonly ring: EventRing<EventDocument>;
  readonly stack: DisposableStack;
  watch: TreeWatch | undefined;
  lingering: Disposable | undefined;
}

export class EventFeed {
  readonly #tree: ServedTree;
  readonly #live: LiveHub;
  readonly #followers = new Set<EventFollower>();
  #listening: Listening | undefined;
  #times = 0;

  constructor(tree: ServedTree, live: LiveHub) {
    this.#tree = tree;
    this.#live = live;
  }

  /**
   * Tells the follower what comes.
   *
   * @param lastId The last event that it has
   * @throws {Problem | SyscallError} If the tree can't be listened to.
   */
  follow(follower: EventFollower, lastId: string | undefined): Following {
    const listening = this.#listening ??= this.#begin();
    listening.lingering?.[Symbol.dispose]();
    listening.lingering = undefined;
    this.#followers.add(follower);
    return {
      missed: lastId === undefined ? [] : listening.ring.since(lastId),
      lastId: listening.ring.lastId,
      unheard: listening.watch?.unheard.map(({ name }) => name) ?? [],
      [Symbol.dispose]: () => this.#leave(follower),
    };
  }

  #leave(follower: EventFollower): void {
    if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
    const listening = this.#listening;
    if (listening === undefined) return;
    const timer = setTimeout(() => this.#end(listening), LINGER_MS);
    listening.lingering = { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  #begin(): Listening {
    const services = this.#tree.services();
    const stack = new DisposableStack();
    const origin = `${Date.now().toString(36)}x${(++this.#times).toString(36)}`;
    const listening: Listening = {
      ring: new EventRing(origin, KEPT_EVENTS),
      stack,
      watch: undefined,
      lingering: undefined,
    };
    try {
      const { hub } = stack.use(this.#live.use(() => this.#end(listening)));
      listening.watch = stack.use(
        new TreeWatch(hub, { scandir: this.#tree.scandir, services, everything: true }, {
          ...hearing((heard) => this.#tell(listening, heard)),
          onServices: () => this.#tellServices(),
        }),
      );
    } catch (error) {
      stack.dispose();
      throw error;
    }
    return listening;
  }

  #tell(listening: Listening, heard: HeardEvent): void {
    this.#tree.forget();
    const event = listening.ring.add(eventDocument(heard));
    for (const follower of [...this.#followers]) follower.onEvent(event);
  }

  #tellServices(): void {
    this.#tree.forget();
    for (const follower of [...this.#followers]) follower.onServices();
  }

  #end(listening: Listening): void {
    if (this.#listening !== listening) return;
    this.#listening = undefined;
    listening.lingering?.[Symbol.dispose]();
    for (const follower of [...this.#followers]) {
      this.#followers.delete(follower);
      follower.onEnd();
    }
    listening.stack.dispose();
  }
}
