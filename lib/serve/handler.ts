/** What a route's handler is given, and what it answers with. */
import type { Query } from "./core/dispatch.ts";
import { JSON_TYPE } from "./core/routes.ts";
import type { ServedTree } from "./served_tree.ts";

export interface Asked {
  readonly request: Request;
  /** What stands in the place of the path's words in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly tree: ServedTree;
}

/** @throws {Problem} If that is the answer. */
export type Handler = (asked: Asked) => Response | Promise<Response>;

export function jsonResponse(document: unknown, status = 200): Response {
  return new Response(`${JSON.stringify(document)}\n`, {
    status,
    headers: { "content-type": JSON_TYPE },
  });
}

export function textResponse(text: string, type: string, status = 200): Response {
  return new Response(text, { status, headers: { "content-type": type } });
}
