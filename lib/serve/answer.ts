/**
 * From a request to its answer: who asks, for which route, and what may be said. Whatever goes
 * wrong becomes a problem document; an unexpected exception is reported once (lib/mishap) and
 * answered with 500.
 */
import { refuseStrangers } from "./access.ts";
import { dispatch, Query } from "./core/dispatch.ts";
import { isOwnHost, isOwnOrigin } from "./core/host_check.ts";
import { Problem, PROBLEM_TYPE, problemDocument } from "./core/problem.ts";
import type { Served } from "./handler.ts";

/** In every answer: nothing from elsewhere, no frame around it, nothing guessed, nothing kept. */
const HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-resource-policy": "same-origin",
};

/** Never throws. @param cutOff Closes the connection */
export async function answer(
  request: Request,
  served: Served,
  cutOff: () => void,
): Promise<Response> {
  const response = await answered(request, served, cutOff).catch((error: unknown) => {
    if (error instanceof Problem) return problemResponse(error);
    served.mishaps.tell(error);
    return problemResponse(new Problem(500, "an internal error; the server's log tells more"));
  });
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  if (!response.headers.has("cache-control")) response.headers.set("cache-control", "no-store");
  return response;
}

async function answered(
  request: Request,
  served: Served,
  cutOff: () => void,
): Promise<Response> {
  refuseForeign(request, served);
  const { pathname, searchParams } = new URL(request.url);
  const { name, route, params } = dispatch(request.method, pathname);
  const query = new Query(route, searchParams);
  if (route.right !== "none") await refuseStrangers(request, served.settings.token);
  const { HANDLERS } = await import("./handlers.ts"); // with all that they need
  return await HANDLERS[name]({ ...served, request, params, query, cutOff });
}

/** @throws {Problem} If a browser was made to send it by somebody else's page. */
function refuseForeign({ headers, method }: Request, { settings }: Served): void {
  const host = headers.get("host");
  // no browser speaks to a Unix socket
  if (settings.address.kind === "tcp" && !isOwnHost(host, settings.hosts)) {
    throw new Problem(421, `this server is not called ${host}; --host allows names`);
  }
  if (method === "GET" || method === "HEAD") return;
  const site = headers.get("sec-fetch-site");
  const isForeign = site !== null && site !== "same-origin" && site !== "none";
  if (isForeign || !isOwnOrigin(headers.get("origin"), host)) {
    throw new Problem(403, "this request comes from another site's page");
  }
}

function problemResponse({ status, message, headers }: Problem): Response {
  return new Response(`${JSON.stringify(problemDocument(status, message))}\n`, {
    status,
    headers: { ...headers, "content-type": PROBLEM_TYPE },
  });
}
