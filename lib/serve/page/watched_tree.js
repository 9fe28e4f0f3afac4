/**
 * The tree that the page watches, kept up to date while somebody looks: events by a stream, the
 * rest by a look after each of them and every few seconds. A page that nobody sees asks nothing.
 */
import { api, Problem } from "./api.js";
import { waitMs } from "./backoff.js";
import { addSample, emptyHistory, HOUR_MS } from "./history.js";
import { restoreHistories, saveHistories } from "./kept_history.js";

/** @typedef {import("../../status/core/status_document.ts").StatusDocument} Status */
/** @typedef {import("./history.js").History} History */

const LOOK_MS = 5000;
/** Events that come together are worth one look. */
const SOON_MS = 150;
const MOST_EVENTS = 500;
const UNAUTHORIZED = 401;

/**
 * @typedef {"connecting" | "live" | "lost" | "asleep" | "refused"} Link `refused`: a token is needed.
 */

export class WatchedTree extends EventTarget {
  /** @type {Status | null} */
  status = null;
  /** @type {ReadonlySet<string>} What the server lets this page do. */
  actions = new Set();
  /** With a token. */
  isSignedIn = false;
  /** @type {Map<string, History>} By service. */
  histories = restoreHistories();
  /** @type {any[]} Documents of `hexad events --json`, the newest last. */
  events = [];
  /** @type {Link} */
  link = "connecting";
  /** Why the link was lost, and when the next attempt is due. */
  lost = { reason: "", retryAtMs: 0 };

  /** How far the clock of the machine that is watched is ahead of this one's. */
  #aheadMs = 0;
  #lastId = "";
  #failures = 0;
  /** @type {AbortController | undefined} */
  #session;
  #wake = () => {};
  /** Something has happened since the last look began. */
  #isStale = false;
  #hurry = () => {};

  /** By the clock of the machine that is watched. */
  nowMs() {
    return Date.now() + this.#aheadMs;
  }

  /** When the oldest sample was taken. */
  firstMs() {
    let first = this.nowMs();
    for (const { samples } of this.histories.values()) {
      first = Math.min(first, samples[0]?.atMs ?? first);
    }
    return first;
  }

  /** Ends a wait: for the next attempt, or for a token. */
  retry() {
    this.#wake();
  }

  /** Asks anew who may look. */
  restart() {
    this.#session?.abort();
    this.#wake();
  }

  /** Looks at the services soon, and not only when it is time. */
  look() {
    this.#isStale = true;
    this.#hurry();
  }

  /** Runs as long as the page. */
  async run() {
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.#session?.abort();
      else this.#wake();
    });
    addEventListener("online", () => this.#wake());
    addEventListener("pagehide", () => saveHistories(this.histories));
    for (;;) {
      if (document.hidden) {
        this.#say("asleep");
        await this.#pause(Infinity);
        continue;
      }
      await this.#attempt();
    }
  }

  async #attempt() {
    const session = new AbortController();
    this.#session = session;
    try {
      this.lost.reason = "the server has ended the connection";
      await this.#watch(session.signal);
      if (session.signal.aborted) return;
      this.#failures++;
    } catch (error) {
      if (session.signal.aborted) return; // nobody looks any more, or somebody else does
      if (error instanceof Problem && error.status === UNAUTHORIZED) {
        this.#say("refused");
        await this.#pause(Infinity);
        return;
      }
      this.#failures++;
      this.lost.reason = error instanceof Problem ? error.message : "the server does not answer";
    } finally {
      session.abort();
    }
    const ms = waitMs(this.#failures, Math.random());
    this.lost.retryAtMs = Date.now() + ms;
    this.#say("lost");
    await this.#pause(ms);
  }

  /** @param {AbortSignal} signal */
  async #watch(signal) {
    if (this.link !== "lost") this.#say("connecting");
    const about = await api.about(signal);
    this.actions = new Set(about.allow);
    this.isSignedIn = about.token;
    await this.#look(signal);
    // whichever ends first ends the other, as the attempt aborts its signal
    await Promise.race([this.#listen(signal), this.#lookAgain(signal)]);
  }

  /** @param {AbortSignal} signal */
  #listen(signal) {
    return api.events({
      signal,
      lastId: this.#lastId,
      onOpen: () => {
        this.#failures = 0;
        this.#say("live");
        this.look(); // for what has happened between the look and the stream
      },
      onEvents: (events) => {
        for (const { type, data, id } of events) {
          if (id !== "") this.#lastId = id;
          if (type === "message") this.events.push(JSON.parse(data));
          else if (type === "end") this.lost.reason = JSON.parse(data).reason;
        }
        this.events.splice(0, this.events.length - MOST_EVENTS);
        this.dispatchEvent(new Event("events"));
        this.look();
      },
    });
  }

  /**
   * Looks when it is time or something has happened; in a large tree, where a look takes long, not
   * more than a third of the time.
   *
   * @param {AbortSignal} signal
   */
  async #lookAgain(signal) {
    for (let tookMs = 0;;) {
      await this.#due(signal, Math.max(SOON_MS, 2 * tookMs));
      if (signal.aborted) return;
      const startMs = performance.now();
      await this.#look(signal);
      tookMs = performance.now() - startMs;
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {number} soonMs
   * @returns {Promise<void>}
   */
  #due(signal, soonMs) {
    return new Promise((resolve) => {
      let timer = setTimeout(resolve, LOOK_MS);
      this.#hurry = () => {
        this.#hurry = () => {};
        clearTimeout(timer);
        timer = setTimeout(resolve, soonMs);
      };
      if (this.#isStale) this.#hurry();
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      }, { once: true });
    });
  }

  /** @param {AbortSignal} signal */
  async #look(signal) {
    this.#isStale = false;
    const status = await api.status(signal);
    const atMs = Date.parse(status.time ?? "") || Date.now();
    this.#aheadMs = atMs - Date.now();
    this.status = status;
    for (const service of status.services) {
      const history = this.histories.get(service.name) ?? emptyHistory();
      addSample(history, service, atMs);
      this.histories.set(service.name, history);
    }
    for (const [name, { samples }] of this.histories) {
      if ((samples.at(-1)?.atMs ?? 0) < atMs - HOUR_MS) this.histories.delete(name);
    }
    this.dispatchEvent(new Event("status"));
  }

  /** @param {Link} link */
  #say(link) {
    this.link = link;
    this.dispatchEvent(new Event("link"));
  }

  /**
   * @param {number} ms
   * @returns {Promise<void>}
   */
  #pause(ms) {
    return new Promise((resolve) => {
      const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
