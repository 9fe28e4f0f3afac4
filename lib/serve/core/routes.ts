/**
 * All that `hexad serve` answers, in one table. Dispatch (dispatch.ts), the documents
 * and the OpenAPI file are made of it.
 *
 * To add a route: add a row here, and under the same key a handler to lib/serve/handlers.ts (the
 * type of that table demands it); then `deno run -A tools/serve_reference.ts` writes the tables of
 * docs/serve.md again. Pure.
 */

import { EVENT_STREAM_TYPE } from "./server_sent.ts";

export const ACTIONS = ["start", "stop", "restart", "signal"] as const;
export type Action = typeof ACTIONS[number];

/**
 * What a request needs: `none`, not even the token; `look`, the token, if there is one; `act`, that
 * and the action's name in `--allow`.
 */
export type Right = "none" | "look" | "act";

export interface Answer {
  readonly text: string;
  /** Absent: a status without a body. */
  readonly type?: string;
  /** `status` for docs/status.schema.json, which describes the document, or each of a stream. */
  readonly schema?: string;
}

export interface QueryParameter {
  readonly text: string;
  /** May be given more than once. */
  readonly repeatable?: boolean;
  /** Is given without a value: `?follow`, or as `true` or `false`. */
  readonly flag?: boolean;
}

export interface Route {
  readonly method: "GET" | "POST";
  /** A word in braces stands for one segment, percent-encoded: `web%2Flog` is the logger of web. */
  readonly path: string;
  readonly summary: string;
  readonly right: Right;
  readonly query?: Readonly<Record<string, QueryParameter>>;
  /** The schema of the JSON body that a POST needs. */
  readonly body?: string;
  /** By the status; any route may also answer with a problem. */
  readonly answers: Readonly<Record<number, Answer>>;
}

export const JSON_TYPE = "application/json";
/** A JSON document a line. */
export const LINES_TYPE = "application/jsonl";
export const TEXT_TYPE = "text/plain; charset=utf-8";

const STATUS = { text: "as `hexad status --json`", type: JSON_TYPE, schema: "status" } as const;
const NO_SERVICE = { text: "there is no such service" } as const;

export const ROUTES = {
  page: {
    method: "GET",
    path: "/",
    summary: "the page",
    right: "none",
    answers: { 200: { text: "HTML", type: "text/html; charset=utf-8" } },
  },
  pageFile: {
    method: "GET",
    path: "/page/{file}",
    summary: "a file of the page",
    right: "none",
    answers: { 200: { text: "the file" }, 404: { text: "there is no such file" } },
  },
  livez: {
    method: "GET",
    path: "/livez",
    summary: "whether this server answers",
    right: "none",
    answers: { 200: { text: "`ok`", type: TEXT_TYPE } },
  },
  readyz: {
    method: "GET",
    path: "/readyz",
    summary: "whether all is well, as `hexad health` tells it",
    right: "none",
    query: { exclude: { text: "a service that does not count", repeatable: true } },
    answers: {
      200: { text: "`ok`", type: TEXT_TYPE },
      503: { text: "what is not well, a line for each", type: TEXT_TYPE },
    },
  },
  services: {
    method: "GET",
    path: "/v1/services",
    summary: "all services and oneshots",
    right: "look",
    answers: { 200: STATUS },
  },
  service: {
    method: "GET",
    path: "/v1/services/{name}",
    summary: "one service, or one oneshot",
    right: "look",
    answers: { 200: STATUS, 404: NO_SERVICE },
  },
  deaths: {
    method: "GET",
    path: "/v1/services/{name}/deaths",
    summary: "how a service has died, the newest death first",
    right: "look",
    answers: { 200: { text: "its deaths", type: JSON_TYPE, schema: "deaths" }, 404: NO_SERVICE },
  },
  configuration: {
    method: "GET",
    path: "/v1/services/{name}/configuration",
    summary: "what a service is configured with, and what holds where it says nothing",
    right: "look",
    answers: {
      200: { text: "its settings", type: JSON_TYPE, schema: "configuration" },
      404: NO_SERVICE,
    },
  },
  log: {
    method: "GET",
    path: "/v1/services/{name}/log",
    summary: "what a service or oneshot has written",
    right: "look",
    query: {
      lines: { text: "so many of the last lines, or all; default 100, all with a span" },
      since: { text: "no older lines: 10m (ago), 2026-11-24T06:30:00Z, as `hexad logs` takes it" },
      until: { text: "no younger lines" },
      contains: { text: "only lines with this text" },
      follow: { text: "go on with what is written from now on", flag: true },
    },
    answers: {
      200: {
        text: "a line each as `hexad logs --json`; with `Accept: text/event-stream` as events",
        type: LINES_TYPE,
        schema: "log",
      },
      403: { text: "this server may not read it" },
      404: { text: "there is no such service, or nothing is kept" },
      503: { text: "too many clients follow something already" },
    },
  },
  act: {
    method: "POST",
    path: "/v1/services/{name}/{action}",
    summary: `tell a service: ${ACTIONS.join(", ")}`,
    right: "act",
    body: "action",
    answers: {
      202: { text: "its supervisor has been told", type: JSON_TYPE, schema: "acted" },
      403: { text: "`--allow` does not have it, or this server may not" },
      404: { text: "there is no such service, or no such action" },
      409: { text: "the service is not supervised, or does not run" },
    },
  },
  events: {
    method: "GET",
    path: "/v1/events",
    summary: "what happens to services, as it happens; Last-Event-ID resumes",
    right: "look",
    answers: {
      200: { text: "events as `hexad events --json`", type: EVENT_STREAM_TYPE, schema: "event" },
      503: { text: "too many clients follow something already" },
    },
  },
  graph: {
    method: "GET",
    path: "/v1/graph",
    summary: "which service of s6-rc waits for which",
    right: "look",
    answers: {
      200: { text: "as `hexad graph --json`", type: JSON_TYPE, schema: "graph" },
      404: { text: "the tree has no services of s6-rc" },
    },
  },
  boot: {
    method: "GET",
    path: "/v1/boot",
    summary: "how the services of s6-rc came up",
    right: "look",
    answers: {
      200: { text: "as `hexad boot --json`", type: JSON_TYPE, schema: "boot" },
      404: { text: "s6-rc has started nothing there" },
    },
  },
  bootPicture: {
    method: "GET",
    path: "/v1/boot.svg",
    summary: "the same as a picture",
    right: "look",
    answers: {
      200: { text: "as `hexad boot --svg`", type: "image/svg+xml" },
      404: { text: "s6-rc has started nothing there" },
    },
  },
  health: {
    method: "GET",
    path: "/v1/health",
    summary: "whether all is well, and what is not",
    right: "look",
    query: { exclude: { text: "a service that does not count", repeatable: true } },
    answers: {
      200: { text: "all is well", type: JSON_TYPE, schema: "health" },
      503: { text: "something is not", type: JSON_TYPE, schema: "health" },
    },
  },
  about: {
    method: "GET",
    path: "/v1/about",
    summary: "the version, the scan directory, and what may be done here",
    right: "look",
    answers: { 200: { text: "this server", type: JSON_TYPE, schema: "about" } },
  },
  openapi: {
    method: "GET",
    path: "/v1/openapi.json",
    summary: "this interface, for tools: OpenAPI 3.1",
    right: "none",
    answers: { 200: { text: "an OpenAPI document", type: JSON_TYPE } },
  },
  schema: {
    method: "GET",
    path: "/v1/schemas/{file}",
    summary: "the schema of a document, `status.schema.json` say",
    right: "none",
    answers: { 200: { text: "a JSON schema", type: JSON_TYPE }, 404: { text: "there is none" } },
  },
  login: {
    method: "POST",
    path: "/login",
    summary: "change the token for a cookie, for the page",
    right: "none",
    body: "login",
    answers: { 204: { text: "the cookie is set" }, 401: { text: "that is not the token" } },
  },
  logout: {
    method: "POST",
    path: "/logout",
    summary: "take the cookie back",
    right: "none",
    answers: { 204: { text: "the cookie is gone" } },
  },
  metrics: {
    method: "GET",
    path: "/metrics",
    summary: "metrics for Prometheus; docs/metrics.md has them all",
    right: "look",
    query: {
      pss: { text: "with the proportional set size of processes, which takes long", flag: true },
    },
    answers: {
      200: {
        text: "OpenMetrics 1.0, or Prometheus' text format, as `Accept` says",
        type: TEXT_TYPE,
      },
    },
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

/** The bodies that POST requests need. */
export const EMBEDDED_BODIES: Readonly<Record<string, unknown>> = {
  action: {
    type: "object",
    additionalProperties: false,
    properties: { signal: { type: "string", description: "for signal: HUP, say" } },
  },
  login: {
    type: "object",
    required: ["token"],
    properties: { token: { type: "string" } },
  },
};
