/**
 * HTTP on one connection that we have accepted, by the runtime's own server. `Deno.serve` accepts by
 * itself, and then nothing can bound the connections, nor close one. What it does with each is also
 * to be had alone, under a name that the runtime keeps for its own parts: ext/http/00_serve.ts.
 */

export interface HttpConnection {
  /** Resolved when the connection is over, however it ended. */
  readonly finished: Promise<void>;
  close(): void;
}

/** @param completed Resolved when the answer has been sent, or can't be any more */
export type ConnectionHandler = (
  request: Request,
  completed: Promise<void>,
) => Promise<Response>;

type ServeOnConnection = (
  connection: Deno.Conn,
  signal: AbortSignal,
  handler: (request: Request, info: { readonly completed: Promise<void> }) => Promise<Response>,
  onError: (error: unknown) => Response,
  onListen: () => void,
) => { readonly finished: Promise<void>; shutdown(): Promise<void> };

function serveOnConnection(): ServeOnConnection {
  const namespace = Deno as unknown as Record<PropertyKey, unknown>;
  const internals = namespace[namespace["internal"] as symbol] as
    | Readonly<Record<string, unknown>>
    | undefined;
  const found = internals?.["serveHttpOnConnection"];
  if (typeof found !== "function") {
    throw new TypeError("this runtime has no HTTP for single connections: serveHttpOnConnection");
  }
  return found as ServeOnConnection;
}

let serveHttp: ServeOnConnection | undefined;

/** @param handler Never throws */
export function serveConnection(
  connection: Deno.Conn,
  handler: ConnectionHandler,
): HttpConnection {
  serveHttp ??= serveOnConnection();
  const controller = new AbortController();
  let over = false;
  const settle = (promise: Promise<void>): Promise<void> => promise.catch(() => {});
  const server = serveHttp(
    connection,
    controller.signal,
    (request, { completed }) => handler(request, settle(completed)),
    () => new Response(null, { status: 500 }),
    () => {},
  );
  return {
    // the runtime lets go only of a connection that has ended well
    finished: server.finished.catch(() => settle(server.shutdown())).then(() => {
      over = true;
    }),
    close: () => {
      if (over) return; // the runtime can't close what is closed
      over = true;
      controller.abort();
    },
  };
}
