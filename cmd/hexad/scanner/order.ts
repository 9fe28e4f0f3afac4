/** What `hexad rescan` and `hexad shutdown` share: orders for the s6-svscan of a scan directory. */
import { SVSCAN_CTLDIR } from "../../../lib/scandir/core/svscan_names.ts";
import { EXIT_NOT_SUPERVISED, EXIT_SYSTEM } from "../../../lib/core/cli/exit_codes.ts";
import { EACCES } from "../../../lib/core/linux/errno.ts";
import { type SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../../lib/core/cli/option_table.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { sendCommands } from "../../../lib/servicedir/client.ts";
import type { Context } from "../../context.ts";
import { Failure } from "../../context.ts";
import type { Arguments } from "../arguments.ts";
import { chosenScandir } from "../service_operands.ts";

export const SCAN_EXITS = [
  ["0", "s6-svscan has been told"],
  ["100", "wrong usage, or no scan directory"],
  ["102", "no s6-svscan runs there"],
  ["111", "system call failed"],
] as const;

export function scandirOf(context: Context, { value }: Arguments<typeof SCANDIR_OPTION>): string {
  return chosenScandir(value("scandir"), () => context.env.get(SCANDIR_VARIABLE));
}

/**
 * Sends letters of `s6-svscanctl`. @throws {Failure} If nobody listens, or this user may not send
 * them.
 */
export function tellScanner(scandir: string, letters: string): void {
  const answer = answerOf(scandir, letters);
  switch (answer.kind) {
    case "ok":
      return;
    case "not listening":
      throw new Failure(
        EXIT_NOT_SUPERVISED,
        `no s6-svscan runs in ${scandir}; start one with: s6-svscan ${scandir}`,
      );
    case "broken":
      throw new Failure(EXIT_SYSTEM, `${scandir}/${SVSCAN_CTLDIR} is broken: ${answer.reason}`);
    default:
      return answer satisfies never;
  }
}

function answerOf(scandir: string, letters: string): ReturnType<typeof sendCommands> {
  try {
    return sendCommands(scandir, SVSCAN_CTLDIR, letters);
  } catch (error) {
    if (!(error instanceof SyscallError) || error.errno !== EACCES) throw error;
    throw new Failure(EXIT_SYSTEM, `${error.message}; be the user that s6-svscan runs as, or root`);
  }
}
