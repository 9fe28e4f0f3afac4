/** svok: is a directory supervised? Source: https://cr.yp.to/daemontools/svok.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { EXIT_SYSTEM } from "../../lib/core/cli/exit_codes.ts";
import { ENOENT, ENXIO } from "../../lib/core/linux/errno.ts";
import { djbReason } from "../../lib/compat/core/djb_reason.ts";
import { enterErrno, supervisionErrno } from "../../lib/compat/old_service.ts";
import { type Context, Failure } from "../context.ts";

const EXIT_NOT_SUPERVISED = 100;

export const table = {
  summary: "Tells by its exit code whether a supervisor runs on a service directory.",
  usage: "dir",
  options: [],
  exits: [["0", "supervised"], ["100", "not supervised, or wrong usage"], [
    "111",
    "that can't be found out",
  ]],
  example: "svok /service/web && echo 'web is supervised'",
} as const satisfies CommandTable;

export function main({ argv: [directory] }: Context): number {
  if (directory === undefined) throw new UsageError("");
  const enter = enterErrno(directory);
  if (enter !== 0) {
    throw new Failure(EXIT_SYSTEM, `unable to chdir to ${directory}: ${djbReason(enter)}`);
  }
  const errno = supervisionErrno(directory);
  if (errno === 0) return 0;
  if (errno === ENXIO || errno === ENOENT) return EXIT_NOT_SUPERVISED;
  throw new Failure(EXIT_SYSTEM, `unable to open ${directory}/supervise/ok: ${djbReason(errno)}`);
}
