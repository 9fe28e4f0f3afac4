/**
 * Supervising one service directory under the names of others: runit's runsv, which also supervises
 * its logger, and daemontools' supervise, which does not.
 */
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { ENOENT, ENOTDIR } from "../../lib/core/linux/errno.ts";
import { djbReason } from "../../lib/compat/core/djb_reason.ts";
import { enterErrno } from "../../lib/compat/old_service.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { pipe } from "../../lib/libc/fd.ts";
import { close } from "../../lib/libc/file.ts";
import { UnsuitableError } from "../../lib/supervise/control.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import type { Stdio } from "../../lib/supervise/port.ts";
import { supervise } from "../../lib/supervise/supervise.ts";
import type { Supervisor } from "../../lib/supervise/supervisor.ts";
import { Failure } from "../context.ts";
import { beginLoneSupervision, type LoneSupervision } from "../supervision/lone_supervision.ts";

export interface OldSupervisorRequest {
  readonly program: string;
  readonly directory: string;
  /** What is said before the reason if the directory can't be entered. */
  readonly unable: string;
  /** Supervise `log` in it too, which then reads what the service writes. */
  readonly withLogger: boolean;
}

/** Supervises until it is told to end. @throws {Failure} If it can't begin. */
export async function runOldSupervisor(request: OldSupervisorRequest): Promise<number> {
  const { program, directory, unable, withLogger } = request;
  const errno = enterErrno(directory);
  if (errno !== 0) throw new Failure(EXIT_SYSTEM, `${unable}: ${djbReason(errno)}`);
  outliveFileSizeLimit();
  outliveChildren();
  const supervision = beginLoneSupervision(program);
  const log = `${directory}/log`;
  const logErrno = withLogger ? enterErrno(log) : ENOENT;
  if (logErrno !== 0 && logErrno !== ENOENT && logErrno !== ENOTDIR) {
    throw new Failure(EXIT_SYSTEM, `unable to change directory to log: ${djbReason(logErrno)}`);
  }
  const ends = logErrno === 0 ? pipe() : undefined;
  const logger = ends === undefined ? undefined : begin(supervision, log, {
    stdio: { stdin: ends.readFd },
    onEnd: () => supervision.stop(),
  });
  const service = begin(supervision, directory, {
    stdio: ends === undefined ? {} : { stdout: ends.writeFd },
    onEnd: () => {
      if (ends === undefined) return supervision.stop();
      // it reads the rest, and then comes to its end
      close(ends.writeFd);
      logger?.handle("HUP");
    },
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => service.handle("TERM"));
  }
  await supervision.run();
  return 0;
}

function begin(
  { world }: LoneSupervision,
  path: string,
  { stdio, onEnd }: { readonly stdio: Stdio; onEnd(): void },
): Supervisor {
  try {
    const supervisor: Supervisor = supervise(world, {
      path,
      name: path,
      stdio,
      onEnd,
      onEssentialEnd: () => supervisor.handle("TERM"),
    });
    return supervisor;
  } catch (error) {
    throw error instanceof UnsuitableError ? new Failure(EXIT_SYSTEM, error.message) : error;
  }
}
