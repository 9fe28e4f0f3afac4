/** sv: runit's client, for services that hexad supervises. Source: runit, sv(8). */
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { type SvAction, svAction } from "../../lib/compat/core/sv_action.ts";
import { Sv } from "../../lib/compat/sv.ts";
import { findScandir, NoScandirError } from "../../lib/tree/find.ts";
import { sayLine } from "../messages.ts";
import type { Context } from "../context.ts";

const USUAL_WAIT_SECONDS = 7;
const USUAL_SVDIR = "/etc/service";

export const table = {
  summary:
    "Shows or changes the state of services, as runit's sv does. A service is a directory, or a name in $SVDIR, or without that in the scan directory that is running.",
  usage: "[-v] [-w sec] command service ...",
  commands: [
    ["status", "show the state of the service and of its logger"],
    ["up, down, once", "start it, stop it, start it without starting it again"],
    ["pause, cont", "send SIGSTOP, SIGCONT"],
    [
      "hup, alarm, interrupt, quit, 1, 2, term, kill",
      "send that signal; 1 and 2 are SIGUSR1 and 2",
    ],
    ["exit", "stop it, and then its supervisor"],
    [
      "start, stop, reload, restart, shutdown",
      "up, down, hup, term and cont and up, exit; and wait",
    ],
    ["try-restart", "term and cont; and wait"],
    ["check", "wait until it is down or up and healthy, as it should be"],
    [
      "force-stop, force-reload, force-restart, force-shutdown",
      "the same, then kill if it is late",
    ],
  ],
  options: [
    { short: "v", text: "wait until the service is as told" },
    { short: "w", arg: "SEC", text: "-v, for so many seconds (7, or what $SVWAIT says)" },
  ],
  exits: [
    ["0", "success"],
    ["1..99", "how many times something went wrong or took too long"],
    ["100", "wrong usage"],
  ],
  example: "sv restart web\nsv -w 30 force-stop /run/service/db",
} as const satisfies CommandTable;

export function main(context: Context): Promise<number> {
  const { flag, value, operands } = readCommandLine(context.argv, table);
  const [command = "", ...names] = operands;
  const action = svAction(command);
  if (action === undefined || names.length === 0) throw new UsageError("");
  const svdir = names.every(isPath) ? "" : context.env.get("SVDIR") ?? runningScandir(context);
  return new Sv({
    action: flag("v") || value("w") !== undefined ? verbose(action) : action,
    services: names.map((name) => ({ name, directory: isPath(name) ? name : `${svdir}/${name}` })),
    waitSeconds: seconds(value("w")) ?? seconds(context.env.get("SVWAIT")) ?? USUAL_WAIT_SECONDS,
  }, { out: context.out, complain: (line) => sayLine(line, context.stderr) }).run();
}

function verbose(action: SvAction | "status"): SvAction | "status" {
  return action === "status" || action.waits !== "" ? action : { ...action, waits: action.letters };
}

/** The digits in front, as in runit. */
function seconds(text: string | undefined): number | undefined {
  const digits = /^[0-9]+/.exec(text ?? "")?.[0];
  return digits === undefined ? undefined : Number(digits);
}

function isPath(name: string): boolean {
  return name === "" || /^[/.]|\/$/.test(name);
}

function runningScandir({ env }: Context): string {
  try {
    return findScandir(undefined, env.get("S6_SCANDIR")).path;
  } catch (error) {
    if (error instanceof NoScandirError) return USUAL_SVDIR;
    throw error;
  }
}
