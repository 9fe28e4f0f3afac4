/** The page: which view is shown, what the keys mean, and how the connection is. */
import { api } from "./api.js";
import { BootView } from "./boot_view.js";
import { element, fixed, setAttribute, setText } from "./elements.js";
import { EventsView } from "./events_view.js";
import { GraphView } from "./graph_view.js";
import { humanDuration } from "./human_units.js";
import { loginForm } from "./login.js";
import { printable } from "./printable.js";
import { nameInAddress } from "./service_row.js";
import { ServiceView } from "./service_view.js";
import { ServicesView } from "./services_view.js";
import { unwellCount } from "./summary.js";
import { themeSwitch } from "./theme_switch.js";
import { WatchedTree } from "./watched_tree.js";

/**
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {string} title Before the name of the page.
 * @property {() => void} update After a look.
 * @property {() => void} [tick] Once a second.
 * @property {() => void} [focusSearch]
 * @property {(event: KeyboardEvent) => boolean} [key]
 * @property {() => void} [close]
 */

const tree = new WatchedTree();
const services = new ServicesView(tree);
const place = fixed("view");
/** @type {View} */
let view = services;

/** @returns {{ kind: string, view: View }} */
function viewAtAddress() {
  const [, kind = "", word = ""] = location.hash.split("/");
  switch (kind) {
    case "service":
      return { kind: "services", view: new ServiceView(nameInAddress(word), tree) };
    case "graph":
      return { kind, view: new GraphView(tree) };
    case "boot":
      return { kind, view: new BootView() };
    case "events":
      return { kind, view: new EventsView(tree) };
    default:
      return { kind: "services", view: services };
  }
}

function show() {
  view.close?.();
  const before = view;
  const { kind, view: next } = viewAtAddress();
  view = next;
  for (const link of document.querySelectorAll("[data-view]")) {
    const isHere = link.getAttribute("data-view") === kind;
    setAttribute(link, "aria-current", isHere ? "page" : null);
  }
  if (tree.link === "refused") return;
  place.replaceChildren(view.element);
  scrollTo(0, 0);
  refresh();
  if (before !== view) place.focus({ preventScroll: true });
  if (before instanceof ServiceView && view === services) services.focusOn(before.name);
}

function refresh() {
  view.update();
  const { status } = tree;
  const unwell = status === null ? 0 : unwellCount(status);
  const where = printable(status?.scandir ?? "");
  setText(fixed("place"), where);
  const title = `${unwell === 0 ? "" : `(${unwell}) `}${view.title}hexad`;
  if (document.title !== title) document.title = title;
}

const LINK_WORDS = {
  connecting: "connecting",
  live: "live",
  lost: "lost",
  asleep: "asleep",
  refused: "signed out",
};

function tellLink() {
  const { link, lost, status } = tree;
  setAttribute(fixed("link"), "class", `link ${link}`);
  setText(fixed("link-words"), LINK_WORDS[link]);
  const notice = fixed("notice");
  const seconds = Math.ceil((lost.retryAtMs - Date.now()) / 1000);
  const words = link === "lost"
    ? `The connection is lost: ${
      printable(lost.reason)
    }. What is shown may be old. The next attempt is in ${humanDuration(Math.max(1, seconds))}.`
    : status?.scanned === false && link === "live"
    ? `No s6-svscan runs on ${printable(status.scandir ?? "this scan directory")}.`
    : "";
  setAttribute(document.body, "class", link === "lost" ? "old" : "");
  fixed("logout").hidden = !tree.isSignedIn || link === "refused";
  fixed("retry").hidden = link !== "lost";
  notice.hidden = words === "";
  setText(fixed("notice-words"), words);
}

/** @type {HTMLElement | undefined} */
let login;

tree.addEventListener("link", () => {
  tellLink();
  if (tree.link === "refused") {
    login ??= loginForm(() => tree.retry());
    place.replaceChildren(element("div", { class: "view" }, login));
    login.querySelector("input")?.focus();
  } else if (login !== undefined && tree.link === "live") {
    login = undefined;
    show();
  }
});
tree.addEventListener("status", () => {
  refresh();
  tellLink();
});
tree.addEventListener("events", () => {
  if (view instanceof EventsView) view.update();
});
setInterval(() => {
  if (document.hidden) return;
  view.tick?.();
  if (tree.link === "lost") tellLink();
}, 1000);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
  if (document.querySelector("dialog[open]") !== null) return;
  const isTyping = event.target instanceof HTMLInputElement ||
    event.target instanceof HTMLSelectElement;
  if (!isTyping && event.key === "/" && view.focusSearch) view.focusSearch();
  else if (!isTyping && event.key === "?") showKeys();
  else if (view.key?.(event)) {
    // it has
  } else if (event.key === "Escape" && !isTyping && view !== services) location.hash = "#/";
  else return;
  event.preventDefault();
});

function showKeys() {
  /** @type {HTMLDialogElement} */ (fixed("keys")).showModal();
}

addEventListener("hashchange", show);
fixed("logout").addEventListener("click", () => void api.logout().then(() => tree.restart()));
fixed("retry").addEventListener("click", () => tree.retry());
fixed("help").addEventListener("click", showKeys);
themeSwitch(fixed("theme"));
show();
void tree.run();
