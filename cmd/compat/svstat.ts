/** svstat: daemontools' line about a service. Source: https://cr.yp.to/daemontools/svstat.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { ENXIO } from "../../lib/core/linux/errno.ts";
import { djbReason } from "../../lib/compat/core/djb_reason.ts";
import { daemontoolsLine } from "../../lib/compat/core/old_status.ts";
import {
  enterErrno,
  normallyUp,
  statusOf,
  supervisionErrno,
} from "../../lib/compat/old_service.ts";
import { wallclock } from "../../lib/libc/clock.ts";
import type { Context } from "../context.ts";

export const table = {
  summary: "Prints a line about each service directory, as daemontools' svstat does.",
  usage: "dirs...",
  options: [],
  exits: [["0", "done; what failed for a directory is in its line"]],
  example: "svstat /service/*",
} as const satisfies CommandTable;

export function main(context: Context): number {
  for (const directory of context.argv) context.out(`${directory}: ${lineAbout(directory)}\n`);
  return 0;
}

function lineAbout(directory: string): string {
  const enter = enterErrno(directory);
  if (enter !== 0) return `unable to chdir: ${djbReason(enter)}`;
  const isNormallyUp = normallyUp(directory);
  if (typeof isNormallyUp === "number") return `unable to stat down: ${djbReason(isNormallyUp)}`;
  const errno = supervisionErrno(directory);
  if (errno === ENXIO) return "supervise not running";
  if (errno !== 0) return `unable to open supervise/ok: ${djbReason(errno)}`;
  const status = statusOf(directory);
  if (status === "bad format") return "unable to read supervise/status: bad format";
  if (typeof status === "number") return `unable to open supervise/status: ${djbReason(status)}`;
  return daemontoolsLine({ status, now: wallclock(), normallyUp: isNormallyUp });
}
