/**
 * s6-svscanctl: sends commands to s6-svscan. Source: s6, doc/s6-svscanctl.html,
 * supervision/s6-svscanctl.c.
 */
import { SVSCAN_CTLDIR } from "../../lib/scandir/core/svscan_names.ts";
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { sendCommands } from "../../lib/servicedir/client.ts";
import type { Context } from "../context.ts";
import { Failure } from "../context.ts";

const MAX_COMMANDS = 64;

export const table = {
  summary:
    "Sends commands, in the order given, to the s6-svscan of a scan directory; without a command, asks whether it listens.",
  usage: "[ -zabehitqnN ] scandir",
  options: [
    { short: "z", text: "reap zombies" },
    { short: "a", text: "scan now" },
    { short: "b", text: "leave at once: the finish procedure, nothing is stopped first" },
    { short: "h", text: "scan, then stop what is no longer in the scan directory; as -an" },
    { short: "i", text: "as -t" },
    {
      short: "t",
      text: "terminate: stop the services, let the loggers end by themselves, then finish",
    },
    { short: "q", text: "quit: stop services and loggers alike, then finish" },
    {
      short: "e",
      text:
        "become the program that now stands at the path of s6-svscan; hexad reexec waits for it",
    },
    { short: "n", text: "stop what is no longer in the scan directory" },
    { short: "N", text: "as -n, and stop loggers with SIGTERM too" },
  ],
  exits: [["0", "success"], ["100", "wrong usage, or no s6-svscan runs there"], [
    "111",
    "system call failed",
  ]],
  example: "s6-svscanctl -an /run/service",
} as const satisfies CommandTable;

export function main(context: Context): number {
  const { options, operands } = readCommandLine(context.argv, table);
  const commands = options.map((option) => option.name).join("");
  if (commands.length > MAX_COMMANDS) throw new Failure(EXIT_USAGE, "too many commands");
  const [scandir] = operands;
  if (scandir === undefined) throw new UsageError("no scan directory given");
  const answer = sendCommands(scandir, SVSCAN_CTLDIR, commands);
  switch (answer.kind) {
    case "ok":
      return 0;
    case "not listening":
      throw new Failure(EXIT_USAGE, `unable to control ${scandir}: supervisor not listening`);
    case "broken":
      throw new Failure(
        EXIT_USAGE,
        `something is wrong with the ${scandir}/${SVSCAN_CTLDIR} directory: ${answer.reason}`,
      );
  }
}
