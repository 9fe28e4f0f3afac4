/**
 * Readiness that is looked for from outside: whether somebody accepts a connection, or answers over
 * HTTP. It is tried until it succeeds or the process is dead, in this process and without another
 * one; after a failure there is a pause that grows to a second.
 */
import { startTimer } from "../fifodir/timer.ts";
import type { ReadinessProbe } from "./core/database.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;
/** One try takes no longer. */
const TRY_MS = 5000;
const HTTP_PORT = 80;
/** Statuses from here on are errors. */
const FIRST_ERROR = 400;
const MAX_STATUS_LINE = 256;

/** A try, made once. */
export type Try = () => Promise<boolean>;

/** What a probe tries; undefined for one that only the service's output can answer. */
export function tryOf(probe: ReadinessProbe): Try | undefined {
  switch (probe.kind) {
    case "tcp":
      return () => accepts(probe.host, probe.port);
    case "http":
      return () => answers(new URL(probe.url));
    case "log":
      return undefined;
    default:
      return probe satisfies never;
  }
}

/** Tries until it succeeds, then calls `onReady`. Disposing of it ends that. */
export function startProbe(attempt: Try, onReady: () => void): Disposable {
  let isOver = false;
  let pause: Disposable | undefined;
  let pauseMs = FIRST_PAUSE_MS;
  const next = async (): Promise<void> => {
    const isReady = await attempt();
    if (isOver) return;
    if (isReady) return onReady();
    pause = startTimer(pauseMs, () => void next());
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  void next();
  return {
    [Symbol.dispose]: () => {
      isOver = true;
      pause?.[Symbol.dispose]();
    },
  };
}

/** A connection, for `use`; false if there is none, or it takes too long. */
async function withConnection(
  hostname: string,
  port: number,
  use: (connection: Deno.Conn) => Promise<boolean>,
): Promise<boolean> {
  let connection: Deno.Conn | undefined;
  let isLate = false;
  using _limit = startTimer(TRY_MS, () => {
    isLate = true;
    closeQuietly(connection);
  });
  try {
    connection = await Deno.connect({ hostname, port });
    return !isLate && await use(connection);
  } catch {
    return false; // whatever it is: nobody is ready there
  } finally {
    closeQuietly(connection);
  }
}

function closeQuietly(connection: Deno.Conn | undefined): void {
  try {
    connection?.close();
  } catch {
    // it is closed already
  }
}

function accepts(hostname: string, port: number): Promise<boolean> {
  return withConnection(hostname, port, () => Promise.resolve(true));
}

function answers(url: URL): Promise<boolean> {
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  return withConnection(
    hostname,
    url.port === "" ? HTTP_PORT : Number(url.port),
    async (connection) => {
      const head =
        `GET ${url.pathname}${url.search} HTTP/1.0\r\nHost: ${url.host}\r\nConnection: close\r\n\r\n`;
      await connection.write(new TextEncoder().encode(head));
      const buffer = new Uint8Array(MAX_STATUS_LINE);
      let length = 0;
      while (length < buffer.length && !buffer.subarray(0, length).includes(10)) {
        const count = await connection.read(buffer.subarray(length));
        if (count === null) break;
        length += count;
      }
      const [, status] =
        /^HTTP\/1\.[01] (\d{3})\b/.exec(new TextDecoder().decode(buffer.subarray(0, length))) ?? [];
      return status !== undefined && Number(status) < FIRST_ERROR;
    },
  );
}
