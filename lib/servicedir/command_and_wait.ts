/**
 * Sending commands and waiting for what they bring about, as `s6-svc -w` does: listen first, then
 * send, then wait, so that no event is missed.
 *
 * C waits on even if a command could not be delivered, for ever if nobody else brings the event
 * about. Here the wait is given up in that case, unless the service is already as wanted.
 */
import { isReached, type Wanted, watchStatus } from "./core/svwait_state.ts";
import { readStatus } from "./client.ts";
import { waitFailureText, waitForServices } from "./wait.ts";

/** What became of the commands. */
export interface SendReport {
  /** Exit code owed for the last failure, or 0. */
  readonly code: number;
  /** The service directories whose supervisor did not get them. */
  readonly failed: readonly string[];
}

export interface WaitRequest {
  readonly wanted: Wanted;
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** Sends the commands; called once, when all are listened to. */
  readonly send: () => SendReport;
}

export interface WaitReport {
  /** The exit code of s6-svwait, or that of a command that could not be delivered. */
  readonly code: number;
  /** What to tell the user, unless it has been told. */
  readonly failure: string | undefined;
}

class NotDelivered extends Error {
  readonly code: number;

  constructor(code: number) {
    super("a command could not be delivered");
    this.code = code;
  }
}

/** @throws {SyscallError} If a directory can't be listened to. */
export async function commandAndWait(
  dirs: readonly string[],
  request: WaitRequest,
): Promise<WaitReport> {
  const { wanted, timeoutMs, send } = request;
  const onSubscribed = (): void => {
    const report = send();
    if (
      report.code !== 0 &&
      !report.failed.every((dir) => isReached(watchStatus(readStatus(dir)), wanted))
    ) {
      throw new NotDelivered(report.code);
    }
  };
  try {
    const code = await waitForServices(dirs, { wanted, any: false, timeoutMs, onSubscribed });
    return { code, failure: code === 0 ? undefined : waitFailureText(code) };
  } catch (error) {
    if (error instanceof NotDelivered) return { code: error.code, failure: undefined };
    throw error;
  }
}
