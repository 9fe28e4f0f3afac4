/** What may be done to a service from here: only what the server allows, and a stop after a question. */
import { api } from "./api.js";
import { element, fixed, setAttribute, setText } from "./elements.js";
import { printable } from "./printable.js";

/** @typedef {import("./service_words.js").Service} Service */

/** Those that a supervisor can send and somebody may want to. */
const SIGNALS = [
  "HUP",
  "USR1",
  "USR2",
  "INT",
  "QUIT",
  "TERM",
  "KILL",
  "STOP",
  "CONT",
  "ALRM",
  "WINCH",
];

export class Actions {
  #tree;
  #name;
  #said = element("span", { class: "said", role: "status" });
  #start = this.#button("Start", "start");
  #restart = this.#button("Restart", "restart");
  #stop = this.#button("Stop", "stop");
  #signals = element(
    "select",
    { "aria-label": "Signal" },
    ...SIGNALS.map((signal) => element("option", { value: signal }, `SIG${signal}`)),
  );
  #signal = element("span", { class: "signal" }, this.#signals, this.#button("Send", "signal"));
  element = element(
    "div",
    { class: "actions", role: "group", "aria-label": "Actions", hidden: true },
    this.#start,
    this.#restart,
    this.#stop,
    this.#signal,
    this.#said,
  );

  /**
   * @param {string} name
   * @param {import("./watched_tree.js").WatchedTree} tree
   */
  constructor(name, tree) {
    this.#name = name;
    this.#tree = tree;
  }

  /** @param {Service | undefined} service */
  update(service) {
    const { actions } = this.#tree;
    this.element.hidden = service === undefined || actions.size === 0;
    this.#start.hidden = !actions.has("start");
    this.#restart.hidden = !actions.has("restart");
    this.#stop.hidden = !actions.has("stop");
    this.#signal.hidden = !actions.has("signal");
    setAttribute(this.#start, "disabled", service?.wanted === "up");
    setAttribute(this.#stop, "disabled", service?.wanted === "down" && service.pid === null);
  }

  /**
   * @param {string} title
   * @param {string} action
   */
  #button(title, action) {
    return element("button", { type: "button", onclick: () => void this.#act(action) }, title);
  }

  /** @param {string} action */
  async #act(action) {
    const name = printable(this.#name);
    const signal = action === "signal" ? this.#signals.value : undefined;
    if (
      action === "stop" &&
      !await isSure(`Stop ${name}?`, "It stays down until it is started again.", "Stop")
    ) {
      return;
    }
    if (
      signal === "KILL" &&
      !await isSure(`Kill ${name}?`, "SIGKILL leaves it no time to clean up.", "Kill")
    ) {
      return;
    }
    try {
      await api.act(this.#name, action, signal === undefined ? {} : { signal });
      setText(this.#said, signal === undefined ? `${action}: told` : `SIG${signal}: sent`);
    } catch (error) {
      setText(this.#said, `${action}: ${error instanceof Error ? error.message : "no answer"}`);
    }
    this.#tree.look();
  }
}

/**
 * Asks, and waits for the answer; Escape is no.
 *
 * @param {string} question
 * @param {string} more
 * @param {string} yes
 * @returns {Promise<boolean>}
 */
function isSure(question, more, yes) {
  const dialog = /** @type {HTMLDialogElement} */ (fixed("question"));
  setText(fixed("question-words"), question);
  setText(fixed("question-more"), more);
  setText(fixed("question-yes"), yes);
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
