/** Which service waits for which, as a picture: left what comes first, and a line to who waits. */
import { api } from "./api.js";
import { drawn, element, setAttribute, setText } from "./elements.js";
import { edgesOf, layersOf, withoutImplied } from "./graph_layers.js";
import { printable } from "./printable.js";
import { serviceAddress } from "./service_row.js";
import { oneshotTone, stateWord, toneOf } from "./service_words.js";
import { counted } from "./summary.js";

/** @typedef {import("./graph_layers.js").Edge} Edge */
/** @typedef {import("./graph_layers.js").GraphService & { number: number, type: "oneshot" | "longrun" }} GraphNode */
/** @typedef {{ x: number, y: number }} Place */
/** @typedef {import("./watched_tree.js").WatchedTree} WatchedTree */

const BOX = { width: 156, height: 28 };
const GAP = { x: 72, y: 12 };
const MARGIN = 12;
const LONGEST_NAME = 20;

export class GraphView {
  title = "Graph - ";
  #tree;
  /** @type {Map<string, { box: Element, shape: Element, label: Element }>} */
  #boxes = new Map();
  #said = element("p", { class: "nothing" }, "Reading the graph");
  #lead = element("p", { class: "minor" });
  #place = element("div", { class: "picture", tabindex: 0, role: "region", "aria-label": "Graph" });
  #list = element("ul", { class: "relations" });
  #details = element(
    "details",
    { hidden: true },
    element("summary", {}, "The same in words"),
    this.#list,
  );

  /** @param {WatchedTree} tree */
  constructor(tree) {
    this.#tree = tree;
    this.#place.hidden = true;
    this.element = element(
      "div",
      { class: "view" },
      element("h1", {}, "Graph"),
      this.#lead,
      this.#said,
      this.#place,
      this.#details,
    );
    void this.#read();
  }

  async #read() {
    try {
      const graph = await api.graph();
      /** @type {GraphNode[]} */
      const services = (graph?.services ?? []).filter((/** @type {GraphNode} */ { name }) =>
        !name.startsWith("s6rc-")
      );
      if (services.length === 0) {
        setText(this.#said, "No service here waits for another: there is no s6-rc.");
        return;
      }
      this.#show(services);
    } catch (error) {
      setText(this.#said, error instanceof Error ? error.message : "the server does not answer");
    }
  }

  /** @param {readonly GraphNode[]} services */
  #show(services) {
    const all = edgesOf(services);
    const edges = withoutImplied(all);
    this.#place.replaceChildren(this.#picture(services, edges));
    this.#list.replaceChildren(...services.map(({ name }) => {
      const others = all.filter(({ to }) => to === name);
      const words = others.map(({ from, kind }) =>
        kind === "needs" ? printable(from) : `${printable(from)} (${kind})`
      );
      return element(
        "li",
        {},
        element("bdi", {}, printable(name)),
        words.length === 0 ? " waits for nothing" : ` waits for ${words.join(", ")}`,
      );
    }));
    setText(
      this.#lead,
      `${
        counted(services.length, "service")
      }. Each waits for what stands left of it and has a line to it. Dashed: it waits, and starts even if the other one fails. Lines that follow from others are left out.`,
    );
    this.#said.hidden = true;
    this.#place.hidden = false;
    this.#details.hidden = false;
    this.update();
  }

  /**
   * @param {readonly GraphNode[]} services
   * @param {readonly Edge[]} edges
   */
  #picture(services, edges) {
    const layers = layersOf(services, edges);
    const most = Math.max(...layers.map((layer) => layer.length));
    const height = 2 * MARGIN + most * (BOX.height + GAP.y) - GAP.y;
    const width = 2 * MARGIN + layers.length * (BOX.width + GAP.x) - GAP.x;
    /** @type {Map<string, Place>} */
    const places = new Map();
    for (const [at, layer] of layers.entries()) {
      const own = layer.length * (BOX.height + GAP.y) - GAP.y;
      for (const [i, name] of layer.entries()) {
        places.set(name, {
          x: MARGIN + at * (BOX.width + GAP.x),
          y: (height - own) / 2 + i * (BOX.height + GAP.y),
        });
      }
    }
    const lines = edges.map((edge) => line(edge, places));
    const boxes = services.map((service) => this.#box(service, places.get(service.name)));
    return drawn(
      "svg",
      {
        class: "graph",
        viewBox: `0 0 ${width} ${height}`,
        width,
        height,
        role: "group",
        "aria-label": "Services, and what they wait for",
      },
      ...lines,
      ...boxes,
    );
  }

  /**
   * @param {GraphNode} service
   * @param {Place | undefined} place
   */
  #box({ name, type }, place) {
    const { x, y } = place ?? { x: 0, y: 0 };
    const shown = printable(name);
    const cut = shown.length > LONGEST_NAME ? `${shown.slice(0, LONGEST_NAME - 1)}…` : shown;
    const shape = drawn("use", { x: x + 9, y: y + 8.5, width: 11, height: 11 });
    const label = drawn("title", {}, shown);
    const box = drawn(
      type === "longrun" ? "a" : "g",
      type === "longrun" ? { href: serviceAddress(name) } : {},
      label,
      drawn("rect", { x, y, ...BOX, rx: type === "oneshot" ? BOX.height / 2 : 5 }),
      shape,
      drawn("text", { x: x + 27, y: y + 18.5 }, cut),
    );
    this.#boxes.set(name, { box, shape, label });
    return box;
  }

  /** How the services are now. */
  update() {
    const { status } = this.#tree;
    if (status === null) return;
    for (const service of status.services) {
      this.#tone(service.name, toneOf(service), stateWord(service));
    }
    for (const oneshot of status.oneshots) {
      this.#tone(oneshot.name, oneshotTone(oneshot), oneshot.state);
    }
  }

  /**
   * @param {string} name
   * @param {import("./service_words.js").Tone} tone
   * @param {string} words
   */
  #tone(name, tone, words) {
    const found = this.#boxes.get(name);
    if (found === undefined) return;
    setAttribute(found.box, "class", tone);
    setAttribute(found.shape, "href", `#g-${tone}`);
    setAttribute(found.shape, "class", `glyph ${tone}`);
    setText(found.label, `${printable(name)}: ${words}`);
  }
}

/**
 * @param {Edge} edge
 * @param {ReadonlyMap<string, Place>} places
 */
function line({ from, to, kind }, places) {
  const begin = places.get(from) ?? { x: 0, y: 0 };
  const end = places.get(to) ?? { x: 0, y: 0 };
  const [x1, y1] = [begin.x + BOX.width, begin.y + BOX.height / 2];
  const [x2, y2] = [end.x, end.y + BOX.height / 2];
  const bend = Math.max(24, (x2 - x1) / 2);
  return drawn("path", {
    class: `edge ${kind}`,
    d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
  });
}
