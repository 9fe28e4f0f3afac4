/**
 * From a request to its answer: who asks, for which route, and what may be said. Whatever goes
 * wrong becomes a problem document; an unexpected exception is reported once (lib/mishap) and
 * answered with 500.
 */
import type { Mishaps } from "../mishap/mishaps.ts";
import { dispatch, Query } from "./core/dispatch.ts";
import { isOwnHost } from "./core/host_check.ts";
import { Problem, PROBLEM_TYPE, problemDocument } from "./core/problem.ts";
import { HANDLERS } from "./handlers.ts";
import type { ServedTree } from "./served_tree.ts";

export interface AnswerOptions {
  readonly tree: ServedTree;
  /** Names of this host beyond its addresses. */
  readonly hosts: readonly string[];
  readonly mishaps: Mishaps;
}

/** In every answer: nothing from elsewhere, no frame around it, nothing guessed, nothing kept. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Never throws. */
export async function answer(request: Request, options: AnswerOptions): Promise<Response> {
  const response = await answered(request, options).catch((error: unknown) => {
    if (error instanceof Problem) return problemResponse(error);
    options.mishaps.tell(error);
    return problemResponse(new Problem(500, "an internal error, which the server's log tells"));
  });
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

async function answered(request: Request, options: AnswerOptions): Promise<Response> {
  const { tree, hosts } = options;
  const host = request.headers.get("host");
  if (!isOwnHost(host, hosts)) {
    throw new Problem(421, `this server is not called ${host}; --host allows names`);
  }
  const { pathname, searchParams } = new URL(request.url);
  const { name, route, params } = dispatch(request.method, pathname);
  const query = new Query(route, searchParams);
  return await HANDLERS[name]({ request, params, query, tree });
}

function problemResponse({ status, message, headers }: Problem): Response {
  return new Response(`${JSON.stringify(problemDocument(status, message))}\n`, {
    status,
    headers: { ...headers, "content-type": PROBLEM_TYPE },
  });
}
