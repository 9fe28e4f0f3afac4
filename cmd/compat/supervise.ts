/**
 * supervise: daemontools' supervisor of one service. Source:
 * https://cr.yp.to/daemontools/supervise.html.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { Context } from "../context.ts";
import { runOldSupervisor } from "./old_supervisor.ts";

export const table = {
  summary: "Supervises one service, as daemontools' supervise does, until SIGTERM or svc -dx.",
  usage: "s",
  options: [],
  exits: [["0", "told to end"], ["100", "wrong usage"], [
    "111",
    "a system call failed, or another supervisor runs on the directory",
  ]],
  example: "exec supervise /service/web",
} as const satisfies CommandTable;

export function main({ program, argv: [directory] }: Context): Promise<number> {
  if (directory === undefined) throw new UsageError("");
  return runOldSupervisor({
    program,
    directory,
    unable: `unable to chdir to ${directory}`,
    withLogger: false,
  });
}
