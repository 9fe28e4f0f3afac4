/**
 * The supervisor of a service directory on a file system of another machine or process, which may
 * hang. It is a separate process, `s6-supervise`, like all supervisors in C. Only that process
 * waits when the directory is read or written.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { Event, State } from "../supervise/core/machine.ts";
import { SIGHUP, SIGTERM } from "../core/linux/signals.ts";
import type { Svstatus } from "../servicedir/core/svstatus.ts";
import { newMachine } from "../supervise/core/machine.ts";
import { wexitstatus, wifsignaled } from "../core/linux/wstat.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs, wallclock } from "../libc/clock.ts";
import { kill } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { SuperviseRequest, SupervisorHandle } from "./port.ts";

export interface SupervisorCommand {
  readonly path: string;
  readonly argv: readonly string[];
}

export class DistantSupervisor implements SupervisorHandle {
  /** We know nothing of the service: looking could take for ever. */
  readonly state: State = "UP";
  readonly status: Svstatus =
    newMachine({ monotonicMs: monotonicMs(), wallclock: wallclock() }, true).status;
  readonly unasked = false;
  readonly pid: number;

  /**
   * Starts it in the current directory. Its descriptors 0 to 2 are those of the service.
   *
   * @throws {SyscallError} If that fails.
   */
  constructor(service: SuperviseRequest, command: SupervisorCommand, reaper: Reaper) {
    const { stdin, stdout, stderr } = service.stdio;
    const fds = [stdin, stdout, stderr].flatMap((fd, target) =>
      fd === undefined ? [] : [[target, fd] as const]
    );
    this.pid = spawn({ ...command, fds, newSession: true, oomScore: "ours" });
    if (this.pid < 0) throw new SyscallError("start s6-supervise", -this.pid);
    reaper.own(this.pid, (wstat) => {
      const code = wifsignaled(wstat) ? 0 : wexitstatus(wstat);
      const isEssential = ![0, EXIT_USAGE, EXIT_SYSTEM].includes(code);
      if (isEssential) service.onEssentialEnd(code);
      service.onEnd(isEssential ? code : undefined);
    });
  }

  /**
   * Handles the events that s6-svscan sends to supervisors. (s6-rc sends more, but its directories
   * are in its live folder.)
   */
  handle(event: Event): void {
    if (event === "TERM") kill(this.pid, SIGTERM);
    else if (event === "HUP") kill(this.pid, SIGHUP);
  }

  /** Only its process writes the status. */
  becameReady(): void {}

  handOver(): string {
    return "another process supervises it, on a remote file system";
  }

  keep(): void {}
}
