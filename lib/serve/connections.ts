/**
 * The connections: how many there may be, and when one is closed. Each is given to the runtime's
 * HTTP (http_connection.ts); one on which no request is under way is closed after a while, so
 * headers that come a byte at a time hold nothing for long. Where there are too many, the one that
 * has been idle longest gives way.
 */
import { monotonicMs } from "../libc/clock.ts";
import { collectGarbage } from "../libc/memory.ts";
import { type HttpConnection, serveConnection } from "./http_connection.ts";

export const MAX_CONNECTIONS = 512;
export const IDLE_MS = 15_000;
const LOOK_MS = 5000;
/**
 * The runtime holds nine kilobytes for each connection outside of V8's heap until garbage is
 * collected. V8 does not know of them, so it sees no reason to.
 */
const COLLECTED_AFTER = 500;

interface Open {
  readonly http: HttpConnection;
  /** Requests under way. */
  busy: number;
  /** When the last request was over, or the connection began. */
  idleSinceMs: number;
}

/** @param cutOff Closes the connection of the request */
export type RequestHandler = (request: Request, cutOff: () => void) => Promise<Response>;

export class Connections {
  readonly #handler: RequestHandler;
  readonly #onQuiet: () => void;
  readonly #open = new Set<Open>();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Since garbage was collected. */
  #forgotten = 0;

  /** @param onQuiet Called when the last connection is closed */
  constructor(handler: RequestHandler, onQuiet: () => void) {
    this.#handler = handler;
    this.#onQuiet = onQuiet;
  }

  take(connection: Deno.Conn): void {
    if (this.#open.size >= MAX_CONNECTIONS && !this.#closeIdlest()) return connection.close();
    const http = serveConnection(connection, (request, completed) => {
      open.busy++;
      completed.then(() => {
        open.busy--;
        open.idleSinceMs = monotonicMs();
      });
      return this.#handler(request, () => http.close());
    });
    const open: Open = { http, busy: 0, idleSinceMs: monotonicMs() };
    this.#open.add(open);
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
    http.finished.then(() => this.#forget(open));
  }

  /** Closes all. */
  close(): void {
    for (const { http } of [...this.#open]) http.close();
  }

  #closeIdlest(): boolean {
    const idle = [...this.#open].filter(({ busy }) => busy === 0);
    if (idle.length === 0) return false;
    const idlest = idle.reduce((a, b) => a.idleSinceMs <= b.idleSinceMs ? a : b);
    idlest.http.close();
    this.#forget(idlest);
    return true;
  }

  #look(): void {
    const nowMs = monotonicMs();
    for (const { http, busy, idleSinceMs } of [...this.#open]) {
      if (busy === 0 && nowMs - idleSinceMs > IDLE_MS) http.close();
    }
  }

  #forget(open: Open): void {
    if (!this.#open.delete(open)) return;
    if (++this.#forgotten >= COLLECTED_AFTER) {
      this.#forgotten = 0;
      collectGarbage();
    }
    if (this.#open.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#onQuiet();
  }
}
