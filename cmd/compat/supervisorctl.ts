/**
 * supervisorctl, for services that hexad supervises. Source: supervisor 4.2, docs/running.rst,
 * supervisorctl.py.
 */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import { standardInput } from "../../lib/files/input.ts";
import { Controller } from "../../lib/supervisorctl/controller.ts";
import { ScandirTree } from "../../lib/supervisorctl/system.ts";
import { findScandir, NoScandirError } from "../../lib/tree/find.ts";
import { readSome } from "../../lib/files/input.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";
import { selfCommand } from "../self.ts";
import { VERSION } from "../version_number.ts";

const EXIT_WRONG_USAGE = 2;
const PROMPT = "supervisor> ";
const IGNORED = "taken for the sake of scripts; it means nothing here";

export const table = {
  summary:
    "Shows services and tells them what to do, as supervisor's supervisorctl does; without an action it reads actions from its standard input. The services are those of $S6_SCANDIR, or of the scan directory that is running.",
  usage: "[-i] [-c FILE] [-s URL] [-u NAME] [-p PASSWORD] [-r FILE] [action [arguments]]",
  commands: [
    ["status, pid", "show the state of services; their process ids"],
    ["start, stop, restart", "do that to services, NAME, GROUP:* or all, and wait"],
    ["signal SIGNAL", "send a signal to services"],
    ["tail [-f|-BYTES] NAME", "show the end of a service's log"],
    ["clear", "empty log directories"],
    ["update, reread, add, remove, avail", "what is new in the scan directory, or gone from it"],
    ["shutdown", "stop all services, and s6-svscan"],
    ["help [ACTION], version, exit, quit", "the rest"],
  ],
  options: [
    {
      short: "i",
      long: "interactive",
      text: "read actions from standard input; ask before shutdown",
    },
    { short: "c", long: "configuration", arg: "FILE", text: IGNORED },
    { short: "s", long: "serverurl", arg: "URL", text: IGNORED },
    { short: "u", long: "username", arg: "NAME", text: IGNORED },
    { short: "p", long: "password", arg: "PASSWORD", text: IGNORED },
    { short: "r", long: "history-file", arg: "FILE", text: IGNORED },
  ],
  exits: [
    ["0", "done"],
    ["1", "an action has failed, or is not known"],
    ["2", "wrong usage, or start without names or with an unknown group"],
    ["3", "status: a service is down; other actions: not done here"],
    ["4", "status: no such service, or nobody supervises services"],
    ["7", "a service does not run, or could not be started; nobody supervises services"],
    ["111", "a system call failed"],
  ],
  example: "supervisorctl status\nsupervisorctl restart web workers:*",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const { flag, operands } = given(context);
  const isInteractive = operands.length === 0 || flag("interactive");
  const lines = linesOf(context.stdin);
  const next = (): Promise<string | undefined> => {
    const { done, value } = lines.next();
    return Promise.resolve(done ? undefined : value);
  };
  const tree = new ScandirTree({
    scandir: scandirOf(context),
    hexad: (words) => selfCommand("hexad", words),
  });
  const controller = new Controller(tree, {
    version: VERSION,
    isInteractive,
    out: context.out,
    ask: (question) => {
      context.out(question);
      return next();
    },
  });
  if (operands.length > 0) {
    await controller.obey(operands.join(" "));
    return controller.exitCode;
  }
  await controller.obey("status");
  for (;;) {
    context.out(PROMPT);
    const line = await next();
    if (line === undefined) context.out("\n");
    if (line === undefined || !await controller.obey(line)) return 0;
  }
}

/** @throws {Failure} If the command line is wrong. */
function given(
  { argv }: Context,
): ReturnType<typeof readCommandLine<typeof table.options[number]>> {
  try {
    return readCommandLine(argv, table);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new Failure(EXIT_WRONG_USAGE, `${error.message}; --help tells the options`);
  }
}

/** Where nothing is supervised, nothing is, as the actions will tell. */
function scandirOf({ env }: Context): string {
  try {
    return findScandir(undefined, env.get("S6_SCANDIR")).path;
  } catch (error) {
    if (error instanceof NoScandirError) return "/run/service";
    throw error;
  }
}

/** The lines of standard input, each as soon as it is there. */
function* linesOf(fd: number): Generator<string, void, void> {
  const input = standardInput(fd);
  const buffer = new Uint8Array(4096);
  let rest = "";
  for (;;) {
    const count = readSome(input, buffer);
    if (count === 0) break;
    const lines = (rest + decodePath(buffer.slice(0, count))).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
