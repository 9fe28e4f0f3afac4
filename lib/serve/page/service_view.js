/** One service: how it is and why, what it uses, its log, its deaths and its configuration. */
import { Actions } from "./actions.js";
import { api } from "./api.js";
import { configuration } from "./configuration.js";
import { deathsList } from "./deaths_list.js";
import { drawn, element, glyph, setAttribute, setGlyph, setText } from "./elements.js";
import { addDeath, emptyHistory } from "./history.js";
import { LogView } from "./log_view.js";
import { printable } from "./printable.js";
import { ago } from "./service_row.js";
import { deathWords, notesOn, restartsWords, stateWords, toneOf } from "./service_words.js";
import { UsagePlot } from "./usage_plot.js";

/** @typedef {import("./service_words.js").Service} Service */
/** @typedef {import("./watched_tree.js").WatchedTree} WatchedTree */

export class ServiceView {
  #tree;
  #glyph = glyph("off");
  #state = element("span", { class: "words" });
  #head = element("header", { class: "service-head" });
  #note = element("p", { class: "fault", hidden: true });
  #gone = element("p", { class: "nothing", hidden: true }, "There is no service of this name now.");
  #facts = element("dl", { class: "facts" });
  /** @type {Map<string, HTMLElement>} */
  #factValues = new Map();
  #memory = new UsagePlot("Memory", "bytes");
  #cpu = new UsagePlot("CPU", "percent");
  #deaths = element("div", { class: "deaths-place" });
  #configuration = element("div", { class: "configuration-place" });
  /** What the deaths were read for. */
  #life = "";

  /**
   * @param {string} name
   * @param {WatchedTree} tree
   */
  constructor(name, tree) {
    this.name = name;
    this.#tree = tree;
    this.title = `${printable(name)} - `;
    this.actions = new Actions(name, tree);
    this.log = new LogView(name);
    this.#head.append(
      element(
        "a",
        { class: "back", href: "#/", "aria-label": "All services" },
        drawn(
          "svg",
          { viewBox: "0 0 20 20", "aria-hidden": "true" },
          drawn("use", { href: "#g-back" }),
        ),
      ),
      this.#glyph,
      element("h1", {}, element("bdi", {}, printable(name))),
      this.#state,
      this.actions.element,
    );
    this.element = element(
      "div",
      { class: "view one" },
      this.#head,
      this.#note,
      this.#gone,
      element(
        "div",
        { class: "columns" },
        this.log.element,
        element(
          "div",
          { class: "aside" },
          element("section", { "aria-label": "Usage" }, this.#memory.element, this.#cpu.element),
          element("section", {}, element("h2", {}, "Now"), this.#facts),
          element("section", {}, element("h2", {}, "Deaths"), this.#deaths),
          element("section", {}, element("h2", {}, "Configuration"), this.#configuration),
        ),
      ),
    );
    void this.#readConfiguration();
  }

  update() {
    const { status, histories } = this.#tree;
    if (status === null) return;
    const service = status.services.find(({ name }) => name === this.name);
    this.#gone.hidden = service !== undefined;
    this.actions.update(service);
    const history = histories.get(this.name) ?? emptyHistory();
    this.#memory.update(history, this.#tree);
    this.#cpu.update(history, this.#tree);
    if (service === undefined) return;
    const tone = toneOf(service);
    setGlyph(this.#glyph, tone);
    setAttribute(this.#head, "class", `service-head ${tone}`);
    const note = notesOn(service).join("; ");
    setText(this.#note, note);
    this.#note.hidden = note === "";
    this.tick();
    const life = `${service.restarts} ${service.lastExit?.time} ${service.pid}`;
    if (life !== this.#life) {
      this.#life = life;
      void this.#readDeaths();
    }
  }

  tick() {
    const service = this.#tree.status?.services.find(({ name }) => name === this.name);
    if (service === undefined) return;
    const nowMs = this.#tree.nowMs();
    setText(this.#state, stateWords(service, nowMs));
    for (const [title, text] of factsOf(service, nowMs)) this.#fact(title, text);
  }

  focusSearch() {
    this.log.focusSearch();
  }

  /**
   * @param {KeyboardEvent} event
   * @returns {boolean} Whether the key meant something here
   */
  key(event) {
    if (event.key !== "Escape") return false;
    if (!this.log.clearSearch()) location.hash = "#/";
    return true;
  }

  close() {
    this.log.close();
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  #fact(title, text) {
    let value = this.#factValues.get(title);
    if (value === undefined) {
      value = element("dd");
      this.#factValues.set(title, value);
      this.#facts.append(element("div", {}, element("dt", {}, title), value));
    }
    setText(value, text);
  }

  async #readDeaths() {
    const found = await api.deaths(this.name).catch(() => null);
    /** @type {readonly import("./deaths_list.js").Death[]} */
    const deaths = found?.deaths ?? [];
    this.#deaths.replaceChildren(deathsList(deaths, this.#tree.nowMs()));
    const history = this.#tree.histories.get(this.name);
    for (const { time } of deaths) {
      if (history !== undefined && time !== null) addDeath(history, Date.parse(time));
    }
  }

  async #readConfiguration() {
    const found = await api.configuration(this.name).catch(() => null);
    this.#configuration.replaceChildren(configuration(found));
  }
}

/**
 * @param {Service} service
 * @param {number} nowMs
 * @returns {[string, string][]}
 */
function factsOf(service, nowMs) {
  const { pid, processes, since, lastExit, wanted, normally, health, log, over, directory } =
    service;
  return [
    ["PID", pid === null ? "-" : processes === null ? String(pid) : `${pid}, ${processes} in all`],
    ["Since", since === null ? "-" : ago(since, nowMs)],
    ["Restarts", restartsWords(service)],
    [
      "Last exit",
      lastExit === null
        ? "-"
        : `${deathWords(lastExit)}${
          lastExit.time === null ? "" : `, ${ago(lastExit.time, nowMs)} ago`
        }`,
    ],
    ["Wanted", `${wanted ?? "unknown"}${normally === "down" ? ", normally down" : ""}`],
    ...(over === null ? [] : [/** @type {[string, string]} */ (["Over by", over])]),
    ...(health === null ? [] : [/** @type {[string, string]} */ (["Health", healthFact(health)])]),
    ["Directory", printable(directory)],
    ["Log", printable(log?.directory ?? (log === null ? "not known" : "kept in memory"))],
  ];
}

/** @param {NonNullable<Service["health"]>} health */
function healthFact({ state, failures, reason, output }) {
  return [
    state,
    ...(failures === 0 ? [] : [`${failures} failures in a row`]),
    ...(reason === null ? [] : [printable(reason)]),
    ...(output === null ? [] : [printable(output)]),
  ].join(", ");
}
