/** The form for the token, where the server wants one. */
import { api } from "./api.js";
import { element, setText } from "./elements.js";

/**
 * @param {() => void} onDone
 * @returns {HTMLElement}
 */
export function loginForm(onDone) {
  const said = element("p", { class: "said", role: "alert" });
  const token = element("input", {
    type: "password",
    id: "token",
    name: "token",
    autocomplete: "current-password",
    required: true,
  });
  const form = element(
    "form",
    { class: "login", onsubmit: (event) => void submit(event) },
    element("h1", {}, "A token is needed"),
    element(
      "p",
      { class: "minor" },
      "It is in the file that the service was started with: ",
      element("code", {}, "hexad serve --token-file"),
      ".",
    ),
    element("label", { for: "token" }, "Token"),
    element("div", { class: "row" }, token, element("button", { class: "main" }, "Sign in")),
    said,
  );

  /** @param {Event} event */
  async function submit(event) {
    event.preventDefault();
    try {
      await api.login(token.value);
      onDone();
    } catch (error) {
      setText(said, error instanceof Error ? error.message : "the server does not answer");
      token.select();
    }
  }
  return form;
}
