/**
 * Sending commands and waiting for what they bring about, as `s6-svc -w` does: listen first, then send, then wait, so that no event is missed.
 *
 * C waits on even if a command could not be delivered, for ever if nobody else brings the event about. Here the wait is given up in that case,
 * unless the service is already as wanted.
 */
import { isUp } from "../core/svstat_line.ts";
import { readStatus } from "./client.ts";
import { waitForServices } from "./wait.ts";

/** u up, U up and ready, d down, D down and finished, r restarted, R restarted and ready. */
export type WantedState = "u" | "U" | "d" | "D" | "r" | "R";

/** What became of the commands. */
export interface SendReport {
  /** Exit code owed for the last failure, or 0. */
  readonly code: number;
  /** The service directories whose supervisor did not get them. */
  readonly failed: readonly string[];
}

export interface WaitRequest {
  readonly wanted: WantedState;
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** Sends the commands; called once, when all are listened to. */
  readonly send: () => SendReport;
}

export interface WaitReport {
  /** False if the wait was given up because a command could not be delivered. */
  readonly waited: boolean;
  /** The exit code of s6-svwait, or of the failed command. */
  readonly code: number;
}

class NotDelivered extends Error {
  readonly code: number;

  constructor(code: number) {
    super("a command could not be delivered");
    this.code = code;
  }
}

/** @throws {SyscallError} If a directory can't be listened to. */
export async function commandAndWait(dirs: readonly string[], request: WaitRequest): Promise<WaitReport> {
  const { wanted, timeoutMs, send } = request;
  const onSubscribed = (): void => {
    const report = send();
    if (report.code !== 0 && !report.failed.every((dir) => isAs(dir, wanted))) throw new NotDelivered(report.code);
  };
  try {
    return { waited: true, code: await waitForServices(dirs, { wanted, any: false, timeoutMs, onSubscribed }) };
  } catch (error) {
    if (error instanceof NotDelivered) return { waited: false, code: error.code };
    throw error;
  }
}

/** Is the service in that state now? A restart is never behind us. */
function isAs(dir: string, wanted: WantedState): boolean {
  const status = readStatus(dir);
  switch (wanted) {
    case "u":
      return isUp(status);
    case "U":
      return isUp(status) && status.flagready;
    case "d":
      return !isUp(status);
    case "D":
      return !isUp(status) && status.flagready;
    case "r":
    case "R":
      return false;
  }
}
