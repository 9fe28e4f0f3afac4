/**
 * s6-rc: brings services up and down, and lists those that are up. Source: s6-rc, doc/s6-rc.html,
 * s6-rc.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import type { Given } from "../../lib/core/cli/given.ts";
import { type Context, Failure } from "../context.ts";
import { golOptions, numberOf, usageOnly } from "./gol_options.ts";
import type { RcOptions } from "./rc_options.ts";

const DEFAULT_LIVE = "/run/s6-rc";

const HELP = [
  "s6-rc help",
  "s6-rc [ -l live ] [ -a ] list [ servicenames... ]",
  "s6-rc [ -l live ] [ -a ] [ -u | -d ] listall [ servicenames... ]",
  "s6-rc [ -l live ] diff",
  "s6-rc [ -l live ] [ -a ] [ -u | -d | -D ] [ -p ] [ -v verbosity ] [ -t timeout ] [ -n dryrunthrottle ] change [ servicenames... ]",
];

export const helpAlone = true;

export const table = {
  summary:
    "Brings services and what they need up, or them and what needs them down; tells which are up.",
  usage:
    "[ -v verbosity ] [ -n dryrunthrottle ] [ -t timeout ] [ -l live ] [ -b ] [ -E | -e ] [ -u | -d | -D ] [ -p ] [ -a ] help|list|listall|diff|start|stop|change [ servicenames... ]",
  options: [
    {
      short: "v",
      long: "verbosity",
      arg: "N",
      text: "0 errors only, 1 warnings (default), 2 each service, 3 and 4 more",
    },
    {
      short: "n",
      long: "dry-run",
      arg: "MS",
      text: "only say what would be run, each taking so many milliseconds",
    },
    {
      short: "t",
      long: "timeout",
      arg: "MS",
      text: "give up after so many milliseconds; 0: never (default)",
    },
    {
      short: "l",
      long: "livedir",
      arg: "DIR",
      text: `the live directory; default: ${DEFAULT_LIVE}`,
    },
    {
      short: "b",
      long: "block",
      text: "list, listall, diff: wait until nothing is being changed; changes never have to wait",
    },
    { short: "E", long: "with-essentials", text: "show and stop essential services like others" },
    {
      short: "e",
      long: "without-essentials",
      text: "list: leave out essential services; change: stop them, too",
    },
    { short: "u", long: "up", text: "bring up (default)" },
    { short: "d", long: "down", text: "bring down, but not what is essential" },
    { short: "D", long: "all-down", text: "bring down, whether essential or not" },
    { short: "p", long: "prune", text: "bring everything else the other way, too" },
    { short: "a", long: "add", text: "add all services that are up to the selection" },
    { long: "no-lock", text: "list, listall, diff: don't look whether something is being changed" },
  ],
  commands: [
    ["help", "the commands, as C lists them"],
    [
      "list [NAME...]",
      "the services that the names mean; -a list: what is up; -da list: what is down",
    ],
    ["listall [NAME...]", "these and all that they need; -d: all that need them"],
    ["diff", "where s6-svc has made something else of a service than s6-rc"],
    ["change [NAME...]", "bring them up, or down with -d"],
    ["start, stop [NAME...]", "the same as -u change, -d change, without -p"],
    ["reload [NAME...]", "make them read their configuration again"],
  ],
  exits: [
    ["0", "done"],
    ["1", "a service could not be started or stopped; diff: there is a difference"],
    ["2", "timed out"],
    ["3", "a name is unknown"],
    ["4", "the database or the state is invalid"],
    ["100", "wrong usage"],
    ["111", "system call failed, or something is being changed just now"],
  ],
  example: "s6-rc -v2 -u change web",
} as const satisfies CommandTable;

const COMMANDS = ["change", "diff", "help", "list", "listall", "reload", "start", "stop"] as const;
type Command = typeof COMMANDS[number];

/** -u, -d, -D, -E and -e set and clear the same two flags, in the order given. */
function flagsOf(
  options: Given<typeof table.options[number]>["options"],
): { down: boolean; hideEssentials: boolean } {
  let down = false;
  let hideEssentials = false;
  for (const { name: letter } of options) {
    if (letter === "u") down = false;
    if (letter === "d" || letter === "D") down = true;
    if (letter === "D" || letter === "e") hideEssentials = true;
    if (letter === "E") hideEssentials = false;
  }
  return { down, hideEssentials };
}

export async function main(context: Context): Promise<number> {
  const options = golOptions(context, table);
  const verbosity = numberOf(options.value("v"), "verbosity") ?? 1;
  const dryRunMs = numberOf(options.value("n"), "dry-run");
  const timeoutMs = numberOf(options.value("t"), "verbosity") ?? 0;
  const [word, ...names] = options.operands;
  if (word === undefined) throw usageOnly();
  const command = COMMANDS.find((known): known is Command => known === word);
  if (command === undefined) throw new Failure(EXIT_USAGE, `unknown command: ${word}`);
  if (command === "help") {
    context.out(HELP.map((line) => `${line}\n`).join(""));
    return 0;
  }
  const { down, hideEssentials } = flagsOf(options.options);
  const asked: RcOptions = {
    live: options.value("l") ?? DEFAULT_LIVE,
    verbosity,
    dryRunMs,
    timeoutMs,
    block: options.flag("b"),
    noLock: options.flag("no-lock"),
    down: command === "stop" || command !== "start" && down,
    hideEssentials,
    prune: command === "change" && options.flag("p"),
    all: options.flag("a"),
    names,
  };
  if (command === "list" || command === "listall" || command === "diff") {
    return (await import("./selection.ts")).show(context, command, asked);
  }
  if (dryRunMs !== undefined) {
    return await (await import("./dry_run.ts")).dryRun(context, command === "reload", asked);
  }
  return await (await import("./request.ts")).request(context, command === "reload", asked);
}
