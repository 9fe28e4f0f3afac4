/** What a service is configured with: what its files say, and what holds where they say nothing. */
import { element } from "./elements.js";
import { printable } from "./printable.js";

/** @typedef {import("../core/configuration_document.ts").ConfigurationDocument} Configuration */
/** @typedef {Configuration["settings"][number]} Setting */

/**
 * @param {Configuration | null} found
 * @returns {HTMLElement}
 */
export function configuration(found) {
  if (found === null) return element("p", { class: "minor" }, "It is not known.");
  const given = found.settings.filter((setting) => setting.given);
  const others = found.settings.filter((setting) => !setting.given);
  return element(
    "div",
    {},
    list(given),
    element("details", {}, element("summary", {}, "What holds without a file"), list(others)),
  );
}

/** @param {readonly Setting[]} settings */
function list(settings) {
  return element("dl", { class: "facts" }, ...settings.map(row));
}

/** @param {Setting} setting */
function row({ file, value, fault, about }) {
  return element(
    "div",
    { title: about },
    element("dt", {}, file),
    element(
      "dd",
      {},
      printable(value),
      fault === null ? null : element("span", { class: "wrong" }, ` (${printable(fault)})`),
    ),
  );
}
