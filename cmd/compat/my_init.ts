/**
 * my_init: the init of phusion's base image, with hexad's supervision in the place of runit's.
 * Source: baseimage-docker, README.md, image/bin/my_init.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { OWN_MANNER } from "../../lib/core/cli/manners.ts";
import { outliveFileSizeLimit } from "../../lib/libc/disposition.ts";
import { trySetChildSubreaper } from "../../lib/libc/process.ts";
import { MyInit, type MyInitRequest } from "../../lib/myinit/my_init.ts";
import { SystemMyInitPort } from "../../lib/myinit/system.ts";
import { outliveChildren } from "../../lib/supervise/outlive_children.ts";
import { type Context, Failure } from "../context.ts";
import { logHostCommand } from "../log/log_host_command.ts";
import { sayLine } from "../messages.ts";
import { allowScriptsHere } from "../run_scripts_here.ts";
import { selfCommand } from "../self.ts";

const EXIT_REFUSED = 1;
const EXIT_WRONG_USAGE = 2;
const USUAL_SECONDS = 30;

export const table = {
  summary:
    "Runs the files of /etc/my_init.d and /etc/rc.local, the services of /etc/service and a main command, as the init of phusion's base image does.",
  usage:
    "[--quiet] [--skip-startup-files] [--skip-runit] [--no-kill-all-on-exit] [--] [main_command...]",
  options: [
    { long: "quiet", text: "say warnings and errors only" },
    { long: "skip-startup-files", text: "leave out /etc/my_init.d and /etc/rc.local" },
    { long: "skip-runit", text: "leave out the services; a main command is needed then" },
    { long: "no-kill-all-on-exit", text: "leave other processes alone at the end" },
    { long: "enable-insecure-key", text: "refused: anybody could log in with that key" },
  ],
  exits: [
    ["the main command's", "128 and the signal's number if a signal killed it"],
    ["0", "the services have been told to end with s6-svscanctl"],
    ["1", "a file of the start or the end has failed, or a main command is lacking"],
    ["2", "ended by SIGTERM or SIGINT, or wrong usage"],
    ["111", "a system call failed at the start of the services"],
  ],
  example: "my_init --quiet -- bash -l",
} as const satisfies CommandTable;

/** What the command line asks for. @throws {Failure} If that is nothing that can be done. */
function requestOf({ argv, env }: Context): MyInitRequest {
  try {
    const { flag, operands } = readCommandLine(argv, table, OWN_MANNER);
    if (flag("enable-insecure-key")) {
      throw new Failure(
        EXIT_REFUSED,
        "--enable-insecure-key is not done here: everybody has that key; install one of your own",
      );
    }
    if (flag("skip-runit") && operands.length === 0) {
      throw new Failure(
        EXIT_REFUSED,
        "When --skip-runit is given, you must also pass a main command.",
      );
    }
    return {
      command: operands,
      isQuiet: flag("quiet"),
      runsStartupFiles: !flag("skip-startup-files"),
      runsServices: !flag("skip-runit"),
      killsAllOnExit: !flag("no-kill-all-on-exit"),
      startupDirectory: env.get("ENV_INIT_DIRECTORY") ?? "/etc/my_init.d",
      killProcessMs: milliseconds(env, "KILL_PROCESS_TIMEOUT"),
      killAllMs: milliseconds(env, "KILL_ALL_PROCESSES_TIMEOUT"),
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Failure(EXIT_WRONG_USAGE, `${error.message}; my_init --help tells the options`);
  }
}

/** @throws {Failure} If the variable is no number of seconds. */
function milliseconds(env: Context["env"], name: string): number {
  const text = env.get(name) ?? String(USUAL_SECONDS);
  if (/^[0-9]{1,6}$/.test(text)) return Number(text) * 1000;
  throw new Failure(EXIT_REFUSED, `${name} must be a number of seconds, not ${text}`);
}

export async function main(context: Context): Promise<number> {
  const request = requestOf(context);
  outliveFileSizeLimit();
  outliveChildren();
  trySetChildSubreaper();
  allowScriptsHere();
  const port = new SystemMyInitPort({
    etc: "/etc",
    setlock: (args) => selfCommand("s6-setlock", args),
    logHost: logHostCommand,
    distantSupervisor: (args) => selfCommand("s6-supervise", args),
    print: sayLine,
    onInterrupt: () => init.interrupt(),
  });
  const init = new MyInit(port, request);
  return await init.run();
}
