/**
 * The log of one service: its last lines, and those that come. It follows until somebody scrolls
 * up, and shows only lines with a text while one is searched for.
 */
import { api, Problem } from "./api.js";
import { waitMs } from "./backoff.js";
import { element, setAttribute, setText } from "./elements.js";
import { localDate, localTime } from "./local_time.js";
import { matchParts } from "./log_search.js";
import { printable } from "./printable.js";
import { counted } from "./summary.js";

/** @typedef {{ time: string | null, text: string, service: string }} LogLine A line as in `hexad logs --json`. */
/** @typedef {{ row: HTMLElement, text: HTMLElement, words: string, day: string }} ShownLine */

const MOST_LINES = 2000;
const FIRST_LINES = 500;
/** So near to the end counts as there. */
const NEAR_PIXELS = 24;

export class LogView {
  #name;
  #stop = new AbortController();
  /** @type {LogLine[]} Not drawn yet. */
  #waiting = [];
  /** @type {ShownLine[]} */
  #lines = [];
  /** The place of the last line that was told. */
  #lastId = "";
  #following = true;
  #isDrawing = false;
  /** Where the list was scrolled to before. */
  #scrollTop = 0;
  #search = element("input", {
    type: "search",
    placeholder: "Search the log",
    "aria-label": "Search the log",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => this.#searchAgain(),
  });
  #count = element("span", { class: "minor count", role: "status" });
  #follow = element("button", {
    type: "button",
    "aria-pressed": "true",
    onclick: () => this.#setFollowing(!this.#following),
  }, "Follow");
  #list = element("div", {
    class: "lines",
    role: "log",
    tabindex: 0,
    "aria-live": "off",
    onscroll: () => this.#scrolled(),
  });
  #trouble = element("p", { class: "trouble", role: "status" });
  #said = element("p", { class: "minor said" }, "Reading the log");

  /** @param {string} name */
  constructor(name) {
    this.#name = name;
    setAttribute(this.#list, "aria-label", `Log of ${printable(name)}`);
    this.element = element(
      "section",
      { class: "log" },
      element(
        "div",
        { class: "head" },
        element("h2", {}, "Log"),
        this.#search,
        this.#count,
        this.#follow,
      ),
      this.#trouble,
      this.#list,
      this.#said,
    );
    void this.#run();
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  /** @returns {boolean} Whether there was something to clear */
  clearSearch() {
    if (this.#search.value === "" && document.activeElement !== this.#search) return false;
    this.#search.value = "";
    this.#search.blur();
    this.#searchAgain();
    return true;
  }

  close() {
    this.#stop.abort();
  }

  /** Follows until the view is left; a page that nobody sees lets go of the stream. */
  async #run() {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted;) {
      if (document.hidden) {
        await nextEvent(document, "visibilitychange", signal);
        continue;
      }
      const session = new AbortController();
      const end = () => session.abort();
      const hide = () => document.hidden && end();
      signal.addEventListener("abort", end);
      document.addEventListener("visibilitychange", hide);
      try {
        await this.#follows(session.signal, () => failures = 0);
      } catch (error) {
        if (error instanceof Problem && error.status < 500) {
          this.#clear();
          setText(this.#said, error.message);
          return;
        }
      } finally {
        document.removeEventListener("visibilitychange", hide);
        signal.removeEventListener("abort", end);
      }
      if (signal.aborted || document.hidden) continue;
      await delay(waitMs(++failures, Math.random()), signal);
    }
  }

  /**
   * @param {AbortSignal} signal
   * @param {() => void} onOpen
   */
  #follows(signal, onOpen) {
    return api.log(this.#name, FIRST_LINES, {
      signal,
      lastId: this.#lastId,
      onOpen: () => {
        onOpen();
        if (this.#lastId === "") this.#clear();
        setText(this.#said, "There are no lines.");
      },
      onEvents: (events) => {
        for (const { type, data, id } of events) {
          if (id !== "") this.#lastId = id;
          if (type === "message") this.#waiting.push(JSON.parse(data));
          else if (type === "trouble") setText(this.#trouble, JSON.parse(data).text);
        }
        this.#drawSoon();
      },
    });
  }

  #clear() {
    this.#waiting = [];
    this.#lines = [];
    this.#list.replaceChildren();
    this.#counts();
  }

  /** However many lines come, they are drawn once for each picture. */
  #drawSoon() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #draw() {
    const lines = this.#waiting.splice(0).slice(-MOST_LINES);
    const rows = document.createDocumentFragment();
    for (const line of lines) {
      const shown = this.#shownLine(line);
      this.#lines.push(shown);
      rows.append(shown.row);
    }
    this.#list.append(rows);
    for (const { row } of this.#lines.splice(0, this.#lines.length - MOST_LINES)) row.remove();
    this.#counts();
    this.#toEnd();
  }

  /**
   * @param {LogLine} line
   * @returns {ShownLine}
   */
  #shownLine({ time, text }) {
    const date = time === null ? undefined : new Date(time);
    const day = date === undefined ? this.#lines.at(-1)?.day ?? "" : localDate(date);
    const isNewDay = date !== undefined && day !== this.#lines.at(-1)?.day;
    const words = printable(text);
    const shown = element("span", { class: "text" });
    const row = element(
      "div",
      { class: "line", "data-day": isNewDay ? day : null },
      date === undefined ? element("span", { class: "stamp" }) : element(
        "time",
        { class: "stamp", datetime: time, title: `${day} ${localTime(date)}` },
        localTime(date),
      ),
      shown,
    );
    const line = { row, text: shown, words, day };
    this.#mark(line);
    return line;
  }

  /** @param {ShownLine} line */
  #mark({ row, text, words }) {
    const wanted = this.#search.value;
    const parts = matchParts(words, wanted);
    row.hidden = wanted !== "" && parts.length === 1;
    text.replaceChildren(
      ...parts.map((part, at) => at % 2 === 1 ? element("mark", {}, part) : part),
    );
  }

  #searchAgain() {
    for (const line of this.#lines) this.#mark(line);
    this.#counts();
    this.#toEnd();
  }

  #counts() {
    const all = this.#lines.length;
    const found = this.#lines.filter(({ row }) => !row.hidden).length;
    setText(this.#count, this.#search.value === "" ? "" : `${found} of ${counted(all, "line")}`);
    this.#said.hidden = all > 0;
  }

  /** Who scrolls up wants to read there; who comes back to the end wants to follow. */
  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#list;
    const isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR_PIXELS;
    const isUpwards = scrollTop < this.#scrollTop;
    this.#scrollTop = scrollTop;
    if (isAtEnd && !this.#following) this.#setFollowing(true);
    else if (!isAtEnd && isUpwards && this.#following) this.#setFollowing(false);
  }

  /** @param {boolean} following */
  #setFollowing(following) {
    this.#following = following;
    setAttribute(this.#follow, "aria-pressed", following ? "true" : "false");
    this.#toEnd();
  }

  #toEnd() {
    if (this.#following) this.#list.scrollTop = this.#list.scrollHeight;
  }
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {AbortSignal} signal Ends the wait
 * @returns {Promise<void>}
 */
function nextEvent(target, type, signal) {
  return new Promise((resolve) => {
    const options = { once: true };
    target.addEventListener(type, () => resolve(), options);
    signal.addEventListener("abort", () => resolve(), options);
  });
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal Ends the wait
 * @returns {Promise<void>}
 */
function delay(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
