/**
 * hexad top: what all services are doing, on the whole screen, with keys to do something about it.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { isTerminal } from "../../lib/libc/terminal.ts";
import { reportOnOneshots } from "../../lib/tree/oneshots.ts";
import { textWidth } from "../../lib/terminal/text_width.ts";
import { TerminalGone } from "../../lib/terminal/full_screen.ts";
import { runTop } from "../../lib/top/system.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { outputForm } from "./output_form.ts";
import { orderFailure } from "./service_action.ts";
import { chooseServices, oneshotsAgain } from "./service_operands.ts";

export const table = {
  summary:
    "Shows what services and oneshots are doing on the whole screen, as it changes, with keys to stop, start, restart or signal services " +
    "and to follow a log. The key ? lists them all; q quits.",
  usage: "[-l] [-S DIR] [SERVICE...]",
  operands: "service",
  options: [
    SCANDIR_OPTION,
    {
      short: "l",
      long: "loggers",
      text: "show loggers that are well too; the key a does the same",
    },
  ],
  exits: [
    ["0", "quit"],
    ["100", "wrong usage, no such service, no scan directory, or no terminal that could show it"],
    ["111", "system call failed, or the terminal is gone"],
  ],
  example: "hexad top\ndocker exec -it CONTAINER hexad top",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const { flag, value, operands } = parseArguments(context.argv, table);
  refuseUnfit(context);
  const chosen = chooseServices({
    operands,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
    withOneshots: true,
  });
  try {
    await runTop({
      ...chosen,
      input: context.stdin,
      output: context.stdout,
      everything: operands.length === 0,
      loggers: flag("loggers") || operands.length > 0,
      form: { textWidth, paint: outputForm(context).paint },
      oneshots: () => {
        const { oneshots, leftOut } = oneshotsAgain(chosen, operands);
        return { oneshots: reportOnOneshots(oneshots), leftOut };
      },
      send: ({ name, directory }, letters) => {
        const service = { name, directory, isLogger: directory.endsWith("/log") };
        return orderFailure({ service, letters })?.text;
      },
    });
  } catch (error) {
    if (error instanceof TerminalGone) throw new Failure(EXIT_SYSTEM, "the terminal is gone");
    throw error;
  }
  return 0;
}

/** @throws {Failure} If there is no terminal, or one on which nothing can be drawn. */
function refuseUnfit({ env, stdin, stdout }: Context): void {
  const instead = "hexad status --watch goes without";
  if (!isTerminal(stdin) || !isTerminal(stdout)) {
    throw new Failure(
      EXIT_USAGE,
      `standard input and output must be a terminal (docker exec -it gives one); ${instead}`,
    );
  }
  if (env.get("TERM") === "dumb") {
    throw new Failure(
      EXIT_USAGE,
      `TERM=dumb says that this terminal can't move its cursor; if it can, set TERM=xterm; ${instead}`,
    );
  }
}
