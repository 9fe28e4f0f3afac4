/**
 * All that `hexad serve` answers, in one table. Dispatch (dispatch.ts), the documents
 * and the OpenAPI file are made of it.
 *
 * To add a route: add a row here, and under the same key a handler to lib/serve/handlers.ts (the
 * type of that table demands it). Pure.
 */

/**
 * What a request needs: `none`, not even the token; `look`, the token, if there is one; an action's
 * name, the token and `--allow` with that name.
 */
export const ACTIONS = ["start", "stop", "restart", "signal"] as const;
export type Action = typeof ACTIONS[number];
export type Right = "none" | "look" | Action;

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
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
