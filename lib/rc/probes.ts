/**
 * Readiness checked from outside: whether something accepts a connection or answers over HTTP. This
 * process tries it, without starting another one, until it succeeds or the service's process is
 * dead. After a failure it pauses, for up to a second.
 */
import { startTimer } from "../fifodir/timer.ts";
import { type HttpTarget, parseHttpUrl } from "../health/core/check_target.ts";
import { MAX_ANSWER_HEAD, readAnswer, requestOf } from "../health/core/http_answer.ts";
import type { ReadinessProbe } from "./core/database.ts";

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 1000;
/** The limit for one try. */
const TRY_MS = 5000;
/** Statuses from here on are errors. */
const FIRST_ERROR = 400;

/** Makes one try. */
export type Try = () => Promise<boolean>;

/** The try of a probe; undefined for a probe that looks at the service's output. */
export function tryOf(probe: ReadinessProbe): Try | undefined {
  switch (probe.kind) {
    case "tcp":
      return () => accepts(probe.host, probe.port);
    case "http":
      return () => answers(parseHttpUrl(probe.url)!);
    case "log":
      return undefined;
    default:
      return probe satisfies never;
  }
}

/** Tries until it succeeds, then calls `onReady`. Dispose of the result to stop. */
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

/** Connects and calls `use`; false if the connection fails or takes too long. */
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
    return false; // whatever the error is, the service is not ready
  } finally {
    closeQuietly(connection);
  }
}

function closeQuietly(connection: Deno.Conn | undefined): void {
  try {
    connection?.close();
  } catch {
    // already closed
  }
}

function accepts(hostname: string, port: number): Promise<boolean> {
  return withConnection(hostname, port, () => Promise.resolve(true));
}

function answers(target: HttpTarget): Promise<boolean> {
  return withConnection(target.host, target.port, async (connection) => {
    await connection.write(requestOf(target));
    const buffer = new Uint8Array(MAX_ANSWER_HEAD);
    let length = 0;
    for (;;) {
      const count = await connection.read(buffer.subarray(length));
      length += count ?? 0;
      const answer = readAnswer(buffer.subarray(0, length));
      if (answer.kind === "status") return answer.status < FIRST_ERROR;
      if (answer.kind === "strange" || count === null || length === buffer.length) return false;
    }
  });
}
