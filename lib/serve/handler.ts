/** What a route's handler is given, and what it answers with. */
import type { Mishaps } from "../mishap/mishaps.ts";
import type { Query } from "./core/dispatch.ts";
import { JSON_TYPE } from "./core/routes.ts";
import type { EventFeed } from "./event_feed.ts";
import type { LiveHub } from "./live_hub.ts";
import type { ServedTree } from "./served_tree.ts";
import type { ServeSettings } from "./settings.ts";
import type { Streams } from "./streams.ts";

/** What all requests share. */
export interface Served {
  readonly settings: ServeSettings;
  readonly tree: ServedTree;
  readonly feed: EventFeed;
  readonly live: LiveHub;
  readonly streams: Streams;
  readonly mishaps: Mishaps;
  warn(text: string): void;
}

export interface Asked extends Served {
  readonly request: Request;
  /** What stands in the place of the path's words in braces, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  /** Closes the connection, whatever has been sent. */
  cutOff(): void;
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
