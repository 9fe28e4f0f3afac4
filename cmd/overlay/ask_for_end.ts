/**
 * How halt and its like reach /init: through the control FIFO of its scan directory, which only its
 * user and root may write to.
 */
import { SVSCAN_CTLDIR } from "../../lib/scandir/core/svscan_names.ts";
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import {
  overlayPaths,
  RUNDIR_VARIABLE,
  runtimeDirectory,
} from "../../lib/overlay/core/overlay_paths.ts";
import { sendCommands } from "../../lib/servicedir/client.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";

/**
 * Sends `t` (stop in order) or `b` (at once). @throws {Failure} If nobody listens. @throws
 * {SyscallError} If it can't be sent.
 */
export function askForEnd(context: Context, order: "t" | "b"): void {
  const { rundir, scandir } = overlayPaths(runtimeDirectory(context.env));
  const answer = sendCommands(scandir, SVSCAN_CTLDIR, order);
  if (answer.kind === "ok") return;
  throw new Failure(
    EXIT_USAGE,
    `no /init listens in ${scandir}; if it runs with another directory than ${rundir}, set ${RUNDIR_VARIABLE} to that`,
  );
}
