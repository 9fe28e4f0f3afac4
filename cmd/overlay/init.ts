/**
 * /init: the first process of a container made for s6-overlay. Its arguments are the CMD.
 * Source: s6-overlay 3.2.3, README.md; 2.2.0.3, README.md.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { helpText } from "../../lib/core/cli/help_text.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { ownProgram } from "../../lib/libc/invocation.ts";
import { runContainer } from "../../lib/overlay/container.ts";
import { OverlayError } from "../../lib/overlay/overlay_error.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { sayLine } from "../messages.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { allowContainerScriptsHere } from "../run_scripts_here.ts";
import { selfCommand } from "../self.ts";
import { versionText } from "../version.ts";

export const table = {
  summary:
    "Boots a container as s6-overlay does, supervises its services, runs its CMD, and stops everything in order.",
  usage: "[ cmd... ]",
  options: [],
  exits: [
    ["the CMD's", "128 and the signal's number if a signal killed it"],
    ["0", "without a CMD; or what was written into s6-linux-init-container-results/exitcode"],
    ["100", "the container can't be started like this"],
    ["111", "a system call failed"],
    ["126, 127", "the CMD could not be executed, or was not found"],
  ],
  example: "docker run --entrypoint /init IMAGE nginx -g 'daemon off;'",
} as const satisfies CommandTable;

/** `--help` may be meant for the CMD: S6_CMD_ARG0 puts a program in front of it. */
export const readsHelpItself = true;

function helpAsked({ argv, env }: Context): boolean {
  return argv.length === 1 && (argv[0] === "--help" || argv[0] === "--version") &&
    (env.get("S6_CMD_ARG0") ?? "") === "";
}

export async function main(context: Context): Promise<number> {
  if (helpAsked(context)) {
    context.out(
      context.argv[0] === "--help"
        ? helpText(context.program, table)
        : versionText(context.program),
    );
    return 0;
  }
  outliveFileSizeLimit();
  await allowContainerScriptsHere();
  try {
    return await runContainer({
      env: context.env,
      command: context.argv,
      legacy: context.program === "init-stage1",
      program: ownProgram(),
      setlock: (args) => selfCommand("s6-setlock", args),
      logHost: logHostCommand,
      distantSupervisor: (args) => selfCommand("s6-supervise", args),
      print: sayLine,
    });
  } catch (error) {
    throw error instanceof OverlayError ? new Failure(error.code, error.message) : error;
  }
}
