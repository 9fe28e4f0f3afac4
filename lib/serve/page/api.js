/** What the page asks the server for: every path is in this file. */
import { eventStreamParser } from "./event_stream.js";

/** @typedef {import("../../status/core/status_document.ts").StatusDocument} Status */
/** @typedef {import("./event_stream.js").StreamEvent} StreamEvent */

/** A document that takes longer will not come: a connection that is cut in the middle is silent. */
const LIMIT_MS = 20_000;

/** An answer that is none: its status, and what the problem document (RFC 9457) says. */
export class Problem extends Error {
  /**
   * @param {number} status
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * A service's name in a path. Bytes that are not UTF-8 are lone surrogates in documents, which
 * encodeURIComponent refuses.
 *
 * @param {string} name
 * @returns {string}
 */
export function pathName(name) {
  return [...name].map((character) => {
    const code = character.charCodeAt(0);
    return character.length === 1 && code >= 0xdc80 && code <= 0xdcff
      ? `%${(code - 0xdc00).toString(16).toUpperCase()}`
      : encodeURIComponent(character.isWellFormed() ? character : "\ufffd");
  }).join("");
}

/**
 * @param {string} path
 * @param {RequestInit} init
 * @returns {Promise<Response>}
 * @throws {Problem} If the server refuses
 */
async function ask(path, init) {
  const response = await fetch(path, { cache: "no-store", ...init });
  if (response.ok) return response;
  throw new Problem(response.status, await reasonOf(response));
}

/** @param {Response} response */
async function reasonOf(response) {
  const fallback = `${response.status} ${response.statusText}`.trim();
  if (!(response.headers.get("content-type") ?? "").includes("json")) return fallback;
  try {
    const { detail, title } = await response.json();
    return String(detail ?? title ?? fallback);
  } catch {
    return fallback;
  }
}

/**
 * A document; null if there is none of that kind here.
 *
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
async function documentOf(path, signal) {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const init = {
    headers: { accept: "application/json" },
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
  };
  try {
    return await (await ask(path, init)).json();
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return null;
    throw error;
  }
}

/**
 * @typedef {object} StreamOptions
 * @property {AbortSignal} signal
 * @property {string} lastId What came after this event is told again; empty at first.
 * @property {() => void} onOpen
 * @property {(events: StreamEvent[]) => void} onEvents
 */

/**
 * Hands over the events of a stream as they come, until it ends.
 *
 * @param {string} path
 * @param {StreamOptions} options
 * @returns {Promise<void>}
 */
async function stream(path, { signal, lastId, onOpen, onEvents }) {
  const headers = {
    accept: "text/event-stream",
    ...(lastId === "" ? {} : { "last-event-id": lastId }),
  };
  const response = await ask(path, { signal, headers });
  if (response.body === null) return;
  onOpen();
  const parse = eventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = parse(value);
    if (events.length > 0) onEvents(events);
  }
}

/**
 * @param {string} path
 * @param {Readonly<Record<string, unknown>>} body
 */
async function tell(path, body) {
  const headers = { "content-type": "application/json" };
  await ask(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export const api = {
  /**
   * @param {AbortSignal} signal
   * @returns {Promise<{ allow: string[], token: boolean }>}
   */
  about: (signal) => documentOf("v1/about", signal),
  /**
   * @param {AbortSignal} signal
   * @returns {Promise<Status>}
   */
  status: (signal) => documentOf("v1/services", signal),
  /** @param {string} name */
  deaths: (name) => documentOf(`v1/services/${pathName(name)}/deaths`),
  /** @param {string} name */
  configuration: (name) => documentOf(`v1/services/${pathName(name)}/configuration`),
  graph: () => documentOf("v1/graph"),
  boot: () => documentOf("v1/boot"),
  /** @param {StreamOptions} options */
  events: (options) => stream("v1/events", options),
  /**
   * @param {string} name
   * @param {number} lines How many of those that are there already, without a `lastId`
   * @param {StreamOptions} options
   */
  log: (name, lines, options) =>
    stream(`v1/services/${pathName(name)}/log?lines=${lines}&follow=true`, options),
  /**
   * @param {string} name
   * @param {string} action
   * @param {{ signal?: string }} [more]
   */
  act: (name, action, more = {}) => tell(`v1/services/${pathName(name)}/${action}`, more),
  /** @param {string} token */
  login: (token) => tell("login", { token }),
  logout: () => tell("logout", {}),
};
