/** What has happened since the page looks, the newest first. */
import { element, glyph } from "./elements.js";
import { eventTone, eventWords } from "./event_words.js";
import { localDate, localTime } from "./local_time.js";
import { printable } from "./printable.js";
import { serviceAddress } from "./service_row.js";

/** @typedef {import("./event_words.js").ServiceEvent} ServiceEvent */

export class EventsView {
  title = "Events - ";
  #tree;
  /** @type {ServiceEvent | undefined} The newest that is shown. */
  #newest;
  #nothing = element("p", { class: "nothing" }, "Nothing has happened since this page looks.");
  #body = element("tbody");
  #table = element(
    "table",
    { class: "events", hidden: true },
    element("caption", { class: "unseen" }, "Events"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ...["Time", "Service", "Event"].map((title) => element("th", { scope: "col" }, title)),
      ),
    ),
    this.#body,
  );

  /** @param {import("./watched_tree.js").WatchedTree} tree */
  constructor(tree) {
    this.#tree = tree;
    this.element = element(
      "div",
      { class: "view" },
      element("h1", {}, "Events"),
      this.#nothing,
      this.#table,
    );
  }

  update() {
    const { events } = this.#tree;
    const known = this.#newest === undefined ? -1 : events.lastIndexOf(this.#newest);
    this.#body.prepend(...events.slice(known + 1).reverse().map(row));
    while (this.#body.rows.length > events.length) this.#body.lastElementChild?.remove();
    this.#newest = events.at(-1);
    this.#nothing.hidden = events.length > 0;
    this.#table.hidden = events.length === 0;
  }
}

/** @param {ServiceEvent} event */
function row(event) {
  const date = new Date(event.time ?? NaN);
  const tone = eventTone(event);
  return element(
    "tr",
    { class: tone },
    element(
      "td",
      { class: "when" },
      event.time === null
        ? "-"
        : element("time", { datetime: event.time, title: localDate(date) }, localTime(date)),
    ),
    element(
      "th",
      { scope: "row", class: "name" },
      element(
        "a",
        { href: serviceAddress(event.service) },
        element("bdi", {}, printable(event.service)),
      ),
    ),
    element("td", { class: "what" }, glyph(tone), eventWords(event)),
  );
}
