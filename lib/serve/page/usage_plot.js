/** Memory or processor of one service over the last hour, with its deaths as marks. */
import { drawn, element, setAttribute, setText } from "./elements.js";
import { shownMs } from "./history.js";
import { humanBytes, humanDuration, humanShare } from "./human_units.js";
import { linePaths, marksPath, mostOf } from "./plot.js";

/** In the units of the drawing, which is stretched to the place it has. */
const WIDTH = 600;
const HEIGHT = 72;

export class UsagePlot {
  #field;
  #title;
  #value = element("span", { class: "value" });
  #most = element("span", { class: "most" });
  #from = element("span", { class: "from" });
  #area = drawn("path", { class: "area" });
  #line = drawn("path", { class: "line" });
  #marks = drawn("path", { class: "marks" });
  #picture = drawn(
    "svg",
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" },
    this.#area,
    this.#line,
    this.#marks,
  );

  /**
   * @param {string} title
   * @param {"bytes" | "percent"} field
   */
  constructor(title, field) {
    this.#title = title;
    this.#field = field;
    this.element = element(
      "figure",
      { class: "plot" },
      element("figcaption", {}, element("span", {}, title), this.#value),
      element("div", { class: "frame" }, this.#picture, this.#most),
      element(
        "div",
        { class: "axis", "aria-hidden": "true" },
        this.#from,
        element("span", {}, "now"),
      ),
    );
  }

  /**
   * @param {import("./history.js").History} history
   * @param {import("./watched_tree.js").WatchedTree} tree
   */
  update(history, tree) {
    const toMs = tree.nowMs();
    const spanMs = shownMs(tree.firstMs(), toMs);
    const frame = { width: WIDTH, height: HEIGHT, fromMs: toMs - spanMs, toMs };
    const field = this.#field;
    const most = mostOf(history.samples, field);
    const { line, area } = linePaths(history.samples, field, { ...frame, most });
    setAttribute(this.#line, "d", line);
    setAttribute(this.#area, "d", area);
    setAttribute(this.#marks, "d", marksPath(history.deathsMs, frame));
    const words = field === "bytes" ? humanBytes : humanShare;
    const value = history.samples.at(-1)?.[field] ?? null;
    const highest = history.samples.reduce((so, sample) => Math.max(so, sample[field] ?? 0), 0);
    const span = humanDuration(Math.round(spanMs / 60_000) * 60);
    const deaths = history.deathsMs.length;
    setText(this.#value, value === null ? "-" : words(value));
    setText(this.#most, words(most));
    setText(this.#from, `${span} ago`);
    setAttribute(
      this.#picture,
      "aria-label",
      `${this.#title} in the last ${span}: at most ${words(highest)}, now ${
        value === null ? "unknown" : words(value)
      }, ${deaths === 0 ? "no deaths" : `${deaths} deaths marked`}`,
    );
  }
}
