/**
 * hexad top: what all services are doing, on the whole screen, with keys to do something about it.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { SCANDIR_OPTION, SCANDIR_VARIABLE } from "../../lib/core/cli/option_table.ts";
import { isTerminal } from "../../lib/libc/terminal.ts";
import { reportOnOneshots } from "../../lib/tree/oneshots.ts";
import type { StatusOverview } from "../../lib/status/core/status_document.ts";
import { textWidth } from "../../lib/terminal/text_width.ts";
import { TerminalGone } from "../../lib/terminal/full_screen.ts";
import { runTop } from "../../lib/top/system.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { outputForm } from "./output_form.ts";
import { meansServed, TOKEN_OPTION, URL_OPTION } from "./remote/url_options.ts";
import { orderFailure } from "./service_action.ts";
import { chooseServices, oneshotsAgain } from "./service_operands.ts";

export const table = {
  summary:
    "Shows what services and oneshots are doing on the whole screen, as it changes, with keys to stop, start, restart or signal services " +
    "and to follow a log. The key ? lists them all; q quits.",
  usage: "[-l] [-S DIR | --url URL] [SERVICE...]",
  operands: "service",
  options: [
    SCANDIR_OPTION,
    {
      short: "l",
      long: "loggers",
      text: "show loggers that are well too; the key a does the same",
    },
    URL_OPTION,
    TOKEN_OPTION,
  ],
  exits: [
    ["0", "quit"],
    ["100", "wrong usage, no such service, no scan directory, or no terminal that could show it"],
    ["111", "system call failed, the terminal is gone, or no server could be asked at first"],
  ],
  example:
    "hexad top\ndocker exec -it CONTAINER hexad top\nhexad top --url unix:/run/web/hexad.sock",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  refuseUnfit(context);
  return await untilTerminalGone(
    meansServed(given) ? showServed(context, given) : show(context, given),
  );
}

/** A tree on this machine. */
async function show(
  context: Context,
  { flag, value, operands }: Arguments<typeof table.options[number]>,
): Promise<number> {
  const chosen = chooseServices({
    operands,
    scandir: value("scandir"),
    variable: () => context.env.get(SCANDIR_VARIABLE),
    withOneshots: true,
  });
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
  return 0;
}

/** A tree that another hexad serves. */
async function showServed(
  context: Context,
  given: Arguments<typeof table.options[number]>,
): Promise<number> {
  const { flag, operands } = given;
  const { remoteTree } = await import("./remote/remote_tree.ts");
  const { servedOverview } = await import("./remote/served_overview.ts");
  const { runServedTop } = await import("../../lib/top/served.ts");
  using tree = remoteTree(context, given);
  const look = async (): Promise<StatusOverview | string> => {
    try {
      return await servedOverview(tree, operands);
    } catch (error) {
      if (error instanceof Failure) return error.message;
      throw error;
    }
  };
  await runServedTop({
    tree,
    first: await servedOverview(tree, operands),
    look,
    input: context.stdin,
    output: context.stdout,
    loggers: flag("loggers") || operands.length > 0,
    form: { textWidth, paint: outputForm(context).paint },
  });
  return 0;
}

async function untilTerminalGone(running: Promise<number>): Promise<number> {
  try {
    return await running;
  } catch (error) {
    if (error instanceof TerminalGone) throw new Failure(EXIT_SYSTEM, "the terminal is gone");
    throw error;
  }
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
