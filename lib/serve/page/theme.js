/**
 * The appearance that was chosen in this browser, before anything is drawn: `light`, `dark`, or as
 * the system has it. A classic script, because modules run too late for that.
 */
(() => {
  const root = document.documentElement;
  /** @type {string | null} */
  let chosen = null;
  try {
    chosen = localStorage.getItem("hexad.theme");
  } catch {
    // without storage it is as the system has it
  }
  if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
})();
