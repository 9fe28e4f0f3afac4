/** What a service is configured with, as its supervisor takes it. */
import { element } from "./elements.js";
import { printable } from "./printable.js";

/**
 * @typedef {object} Setting
 * @property {string} name The file in the service directory.
 * @property {unknown} value
 * @property {boolean} [isDefault] There is no such file.
 */

/**
 * @param {{ settings: readonly Setting[] } | null} found
 * @returns {HTMLElement}
 */
export function configuration(found) {
  if (found === null) return element("p", { class: "minor" }, "It is not known.");
  return element(
    "dl",
    { class: "facts" },
    ...found.settings.map(({ name, value }) =>
      element(
        "div",
        {},
        element("dt", {}, printable(name)),
        element("dd", {}, printable(String(value))),
      )
    ),
  );
}
