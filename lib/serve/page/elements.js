/**
 * Elements of the page. Whatever comes from the server becomes text nodes and attributes that
 * nothing executes: no part of the page parses markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {Record<string, string | number | boolean | null | undefined | EventListener>} Attributes */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes] `onclick` and the like are listeners; false, null: not there
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  dress(made, attributes, children);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {SVGElementTagNameMap[Tag]}
 */
export function drawn(tag, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, tag);
  dress(made, attributes, children);
  return /** @type {SVGElementTagNameMap[Tag]} */ (made);
}

/**
 * @param {Element} made
 * @param {Attributes} attributes
 * @param {readonly Child[]} children
 */
function dress(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.replace(/^on/, ""), value);
    else setAttribute(made, name, value);
  }
  made.append(...nodes(children));
}

/** @param {readonly Child[]} children */
function nodes(children) {
  return children.filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => typeof child === "number" ? String(child) : child);
}

/**
 * @param {Element} made
 * @param {string} name
 * @param {string | number | boolean | null | undefined} value
 */
export function setAttribute(made, name, value) {
  if (value === null || value === undefined || value === false) {
    if (made.hasAttribute(name)) made.removeAttribute(name);
    return;
  }
  const text = value === true ? "" : String(value);
  if (made.getAttribute(name) !== text) made.setAttribute(name, text);
}

/**
 * The text of an element, if it is another one: what stays the same is not drawn again.
 *
 * @param {Element} shown
 * @param {string} text
 */
export function setText(shown, text) {
  if (shown.textContent !== text) shown.textContent = text;
}

/**
 * The shape that tells a tone without colour.
 *
 * @param {import("./service_words.js").Tone} tone
 * @returns {SVGSVGElement}
 */
export function glyph(tone) {
  return drawn(
    "svg",
    { class: `glyph ${tone}`, "aria-hidden": "true" },
    drawn("use", { href: `#g-${tone}` }),
  );
}

/**
 * @param {SVGSVGElement} shape
 * @param {import("./service_words.js").Tone} tone
 */
export function setGlyph(shape, tone) {
  setAttribute(shape, "class", `glyph ${tone}`);
  setAttribute(/** @type {Element} */ (shape.firstElementChild), "href", `#g-${tone}`);
}

/**
 * An element of index.html.
 *
 * @template {Element} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function fixed(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`index.html has no ${id}`);
  return /** @type {Kind} */ (/** @type {unknown} */ (found));
}
