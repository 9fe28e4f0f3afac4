/** runsv: runit's supervisor of one service and its logger. Source: runit, runsv(8). */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { type Context, Failure } from "../context.ts";
import { runOldSupervisor } from "./old_supervisor.ts";

const EXIT_WRONG_USAGE = 1;

export const table = {
  summary:
    "Supervises a service and the logger in its log, as runit's runsv does, until SIGTERM or sv exit.",
  usage: "service",
  options: [],
  exits: [["0", "told to end"], ["1", "wrong usage"], [
    "111",
    "a system call failed, or another supervisor runs on the directory",
  ]],
  example: "exec runsv /etc/sv/web",
} as const satisfies CommandTable;

export function main({ program, argv: [directory, extra] }: Context): Promise<number> {
  if (directory === undefined || extra !== undefined) {
    throw new Failure(EXIT_WRONG_USAGE, `usage: runsv ${table.usage}`);
  }
  return runOldSupervisor({
    program,
    directory,
    unable: `unable to change to dir ${directory}`,
    withLogger: true,
  });
}
