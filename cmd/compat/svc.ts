/** svc: daemontools' client. Source: https://cr.yp.to/daemontools/svc.html. */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { ENXIO } from "../../lib/core/linux/errno.ts";
import { djbReason } from "../../lib/compat/core/djb_reason.ts";
import { enterErrno, send } from "../../lib/compat/old_service.ts";
import type { Context } from "../context.ts";

export const table = {
  summary:
    "Sends commands to the supervisors of service directories, as daemontools' svc does, in the order of its options.",
  usage: "[-udopchaitkx] dirs...",
  options: [
    { short: "u", text: "up: start the service, restart it when it dies" },
    { short: "d", text: "down: stop the service, don't restart it" },
    { short: "o", text: "once: start the service if it is down, don't restart it" },
    { short: "p", text: "pause: send SIGSTOP" },
    { short: "c", text: "continue: send SIGCONT" },
    { short: "h", text: "send SIGHUP" },
    { short: "a", text: "send SIGALRM" },
    { short: "i", text: "send SIGINT" },
    { short: "t", text: "send SIGTERM" },
    { short: "k", text: "send SIGKILL" },
    { short: "x", text: "the supervisor exits when the service is down" },
  ],
  exits: [["0", "done; what failed for a directory is a warning"], ["100", "wrong usage"]],
  example: "svc -t /service/web",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { options, operands } = readCommandLine(context.argv, table);
  const letters = [...new Set(options.map(({ name }) => name))].join("");
  for (const directory of operands) {
    const enter = enterErrno(directory);
    if (enter !== 0) {
      context.warn(`unable to chdir to ${directory}: ${djbReason(enter)}`);
      continue;
    }
    const errno = send(directory, letters);
    if (errno === 0) continue;
    const reason = errno === ENXIO ? "supervise not running" : djbReason(errno);
    context.warn(`unable to control ${directory}: ${reason}`);
  }
  return 0;
}
