/** Begins one check of a service, of whichever kind. */
import type { Poller } from "../libc/epoll.ts";
import type { Reaper } from "../processes/reaper.ts";
import { CommandCheck } from "./command_check.ts";
import { HEALTH_DIRECTORY } from "./core/health_files.ts";
import type { CheckOutcome } from "./core/health_machine.ts";
import type { HealthCheck } from "./core/health_settings.ts";
import type { RunningCheck } from "./port.ts";
import { SocketCheck } from "./socket_check.ts";

const PROGRAM = `./${HEALTH_DIRECTORY}/run`;

export interface CheckOptions {
  readonly poller: Poller;
  readonly reaper: Reaper;
  /** The name of the service, which a program gets as its argument. */
  readonly name: string;
  /** Why a program could not be started, in one line. */
  spawnFailure(path: string, errno: number): string;
  /** Called once, perhaps before the check is returned. */
  onEnd(outcome: CheckOutcome): void;
  onMishap(error: unknown): void;
}

/** The process must be in the service directory. */
export function beginCheck(check: HealthCheck, options: CheckOptions): RunningCheck {
  return check.kind === "run"
    ? new CommandCheck({ ...options, path: PROGRAM, argv: [PROGRAM, options.name] })
    : new SocketCheck({ ...options, check });
}
