/** All services in a table, those that are not well first, with the oneshots below. */
import { element, setAttribute, setText } from "./elements.js";
import { emptyHistory, shownMs } from "./history.js";
import { humanDuration } from "./human_units.js";
import { OneshotTable } from "./oneshot_table.js";
import { chosen, sorted } from "./service_order.js";
import { ServiceRow } from "./service_row.js";
import { summaryLine, unwellCount } from "./summary.js";

/** @typedef {import("./service_order.js").Sort} Sort */
/** @typedef {import("./service_words.js").Service} Service */
/** @typedef {import("./watched_tree.js").WatchedTree} WatchedTree */

/** @type {readonly { title: string, kind: string, sort?: Sort }[]} */
const COLUMNS = [
  { title: "Service", kind: "name", sort: "name" },
  { title: "State", kind: "state", sort: "state" },
  { title: "PID", kind: "pid" },
  { title: "Since", kind: "since", sort: "since" },
  { title: "Restarts", kind: "restarts", sort: "restarts" },
  { title: "Last exit", kind: "exit" },
  { title: "Memory", kind: "memory", sort: "memory" },
  { title: "CPU", kind: "cpu", sort: "cpu" },
  { title: "Last log line", kind: "last-line" },
];

export class ServicesView {
  title = "";
  /** @type {Map<string, ServiceRow>} */
  #rows = new Map();
  /** @type {Map<string, Service>} Those that are shown. */
  #shown = new Map();
  /** @type {Sort} */
  #sort = "well";
  #onlyUnwell = false;
  #loggers = false;
  #tree;
  #summary = element("p", { class: "summary", role: "status" });
  #span = element("span", { class: "minor" });
  #nothing = element("p", { class: "nothing", hidden: true });
  #search = element("input", {
    type: "search",
    id: "search",
    placeholder: "Search",
    "aria-label": "Search services by name or state",
    "aria-keyshortcuts": "/",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => this.update(),
  });
  #all = choice("All", () => this.#choose({ unwell: false }));
  #unwell = choice("Not well", () => this.#choose({ unwell: true }));
  #withLoggers = choice("Loggers", () => this.#choose({ loggers: !this.#loggers }));
  #heads = COLUMNS.map(({ title, kind, sort }) =>
    element(
      "th",
      { scope: "col", class: kind },
      sort === undefined
        ? title
        : element("button", { type: "button", onclick: () => this.#sortBy(sort) }, title),
    )
  );
  #body = element("tbody");
  #oneshots = new OneshotTable();
  #table = element(
    "table",
    { class: "services" },
    element("caption", { class: "unseen" }, "Services"),
    element("thead", {}, element("tr", {}, ...this.#heads)),
    this.#body,
  );

  /** @param {WatchedTree} tree */
  constructor(tree) {
    this.#tree = tree;
    this.element = element(
      "div",
      { class: "view" },
      element("h1", { class: "unseen" }, "Services"),
      this.#summary,
      element(
        "div",
        { class: "tools" },
        this.#search,
        element(
          "div",
          { class: "choices", role: "group", "aria-label": "Which services" },
          this.#all,
          this.#unwell,
          this.#withLoggers,
        ),
        this.#span,
      ),
      this.#table,
      this.#nothing,
      this.#oneshots.element,
    );
  }

  /** After a look, and whenever something else is to be shown. */
  update() {
    const { status } = this.#tree;
    if (status === null) return;
    const share = (/** @type {Service} */ { name }) =>
      this.#history(name).samples.at(-1)?.percent ?? -1;
    const text = this.#search.value;
    const shown = sorted(
      chosen(status.services, { text, unwell: this.#onlyUnwell, loggers: this.#loggers }),
      this.#sort,
      share,
    );
    this.#shown = new Map(shown.map((service) => [service.name, service]));
    for (const name of this.#rows.keys()) {
      if (!status.services.some((service) => service.name === name)) this.#rows.delete(name);
    }
    this.#place(shown.flatMap((service) => {
      const row = this.#rowOf(service.name);
      row.update(service, this.#tree);
      return row.rows();
    }));
    this.#describe(status, shown);
    this.#oneshots.update(status, this.#tree.nowMs());
    this.#rove();
  }

  /** Once a second: what the time alone changes. */
  tick() {
    const nowMs = this.#tree.nowMs();
    for (const [name, service] of this.#shown) this.#rowOf(name).tick(service, nowMs);
  }

  /**
   * The service that somebody comes back from.
   *
   * @param {string} name
   */
  focusOn(name) {
    if (!this.#shown.has(name)) return;
    this.#rowOf(name).link.focus();
    this.#rove();
  }

  focusSearch() {
    this.#search.focus();
    this.#search.select();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} Whether the key meant something here
   */
  key(event) {
    if (event.key === "Escape") {
      if (this.#search.value === "" && document.activeElement !== this.#search) return false;
      this.#search.value = "";
      this.update();
      this.#links()[0]?.focus();
      return true;
    }
    const links = this.#links();
    const isSearch = event.target === this.#search;
    if (isSearch && event.key === "Enter") {
      links[0]?.click();
      return links.length > 0;
    }
    if (isSearch && (event.key === "Home" || event.key === "End")) return false;
    const at = links.findIndex((link) => link === document.activeElement);
    const to = {
      ArrowDown: Math.min(at + 1, links.length - 1),
      ArrowUp: at - 1,
      Home: 0,
      End: links.length - 1,
    }[event.key];
    if (to === undefined || links.length === 0) return false;
    if (to < 0) this.focusSearch();
    else links[to]?.focus();
    this.#rove();
    return true;
  }

  /**
   * The links of the table, as they stand.
   *
   * @returns {HTMLAnchorElement[]}
   */
  #links() {
    return [...this.#shown.keys()].map((name) => this.#rowOf(name).link);
  }

  /** Tab comes to one service of the table, and arrows from there to the others. */
  #rove() {
    const links = this.#links();
    const current = links.find((link) => link === document.activeElement) ??
      links.find((link) => link.tabIndex === 0) ?? links[0];
    for (const link of links) setAttribute(link, "tabindex", link === current ? 0 : -1);
  }

  /** @param {string} name */
  #history(name) {
    return this.#tree.histories.get(name) ?? emptyHistory();
  }

  /** @param {string} name */
  #rowOf(name) {
    const row = this.#rows.get(name) ?? new ServiceRow(name);
    this.#rows.set(name, row);
    return row;
  }

  /**
   * Rows that stand where they should are not touched.
   *
   * @param {readonly HTMLTableRowElement[]} rows
   */
  #place(rows) {
    const focused = document.activeElement;
    const kept = new Set(rows);
    for (const row of [...this.#body.rows]) if (!kept.has(row)) row.remove();
    for (const [at, row] of rows.entries()) {
      if (this.#body.rows[at] !== row) this.#body.insertBefore(row, this.#body.rows[at] ?? null);
    }
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus();
  }

  /**
   * @param {import("./watched_tree.js").Status} status
   * @param {readonly Service[]} shown
   */
  #describe(status, shown) {
    const unwell = unwellCount(status);
    setText(this.#summary, summaryLine(status) + (status.booting ? "; the boot goes on" : ""));
    setAttribute(this.#summary, "class", `summary ${unwell === 0 ? "good" : "bad"}`);
    setText(this.#unwell, `Not well ${unwell}`);
    const pressed = (/** @type {boolean} */ is) => is ? "true" : "false";
    setAttribute(this.#all, "aria-pressed", pressed(!this.#onlyUnwell));
    setAttribute(this.#unwell, "aria-pressed", pressed(this.#onlyUnwell));
    setAttribute(this.#withLoggers, "aria-pressed", pressed(this.#loggers));
    const nowMs = this.#tree.nowMs();
    const span = shownMs(this.#tree.firstMs(), nowMs) / 1000;
    setText(this.#span, `Plots: the last ${humanDuration(Math.round(span / 60) * 60)}`);
    this.#nothing.hidden = shown.length > 0;
    setText(
      this.#nothing,
      status.services.length === 0
        ? "There are no services in this scan directory."
        : this.#onlyUnwell && this.#search.value === ""
        ? "All services are well."
        : "No service fits this search.",
    );
    this.#table.hidden = shown.length === 0;
    for (const [at, { sort }] of COLUMNS.entries()) {
      const head = this.#heads[at];
      if (head === undefined || sort === undefined) continue;
      setAttribute(head, "aria-sort", sort === this.#sort ? directionOf(sort) : null);
    }
  }

  /** @param {{ unwell?: boolean, loggers?: boolean }} choice */
  #choose({ unwell = this.#onlyUnwell, loggers = this.#loggers }) {
    this.#onlyUnwell = unwell;
    this.#loggers = loggers;
    this.update();
  }

  /**
   * A second time by the same column: those that are not well first, as at the beginning.
   *
   * @param {Sort} sort
   */
  #sortBy(sort) {
    this.#sort = this.#sort === sort ? "well" : sort;
    this.update();
  }
}

/** @param {Sort} sort */
function directionOf(sort) {
  return sort === "name" || sort === "state" ? "ascending" : "descending";
}

/**
 * @param {string} text
 * @param {() => void} onclick
 */
function choice(text, onclick) {
  return element("button", { type: "button", "aria-pressed": "false", onclick }, text);
}
