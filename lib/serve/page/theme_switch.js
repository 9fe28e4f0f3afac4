/** The button that chooses the appearance: as the system, light, dark. theme.js applies it first. */
import { setAttribute } from "./elements.js";

const KEY = "hexad.theme";
const WORDS = { system: "as the system", light: "light", dark: "dark" };

/** @typedef {keyof typeof WORDS} Theme */

/** @param {HTMLElement} button */
export function themeSwitch(button) {
  const root = document.documentElement;
  /** @returns {Theme} */
  const chosen = () => {
    const { theme } = root.dataset;
    return theme === "light" || theme === "dark" ? theme : "system";
  };
  const tell = () => {
    const words = `Appearance: ${WORDS[chosen()]}`;
    setAttribute(button, "aria-label", words);
    setAttribute(button, "title", words);
  };
  button.addEventListener("click", () => {
    // from the system's own first to the other one, so that each click changes something
    const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
    /** @type {readonly Theme[]} */
    const round = isDark ? ["system", "light", "dark"] : ["system", "dark", "light"];
    const next = round[(round.indexOf(chosen()) + 1) % round.length] ?? "system";
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    try {
      if (next === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, next);
    } catch {
      // it lasts as long as this page then
    }
    tell();
  });
  tell();
}
