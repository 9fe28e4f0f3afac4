/** hexad kill: services get a signal. */
import { GROUP_LETTERS, SIGNAL_LETTERS } from "../../lib/servicedir/core/control_letters.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { signalName, signalNumber } from "../../lib/core/linux/signals.ts";
import type { Context } from "../context.ts";
import { parseArguments } from "./arguments.ts";
import { ACTION_EXITS, ACTION_OPTIONS, actOnServices } from "./service_action.ts";

const DEFAULT_SIGNAL = "SIGKILL";

export const table = {
  summary:
    "Sends services a signal. One that dies of it is started again if it is wanted up. The same as s6-svc -k and its like.",
  usage: "[-s SIGNAL] [-g] [-w] [-t TIME] [-S DIR] -a|SERVICE...",
  operands: "service",
  options: [
    {
      short: "s",
      long: "signal",
      arg: "SIGNAL",
      kind: Object.keys(SIGNAL_LETTERS),
      text: `by name or number; default: ${DEFAULT_SIGNAL}`,
    },
    {
      short: "g",
      long: "group",
      text: `to all of the service's process group; only ${Object.keys(GROUP_LETTERS).join(", ")}`,
    },
    ...ACTION_OPTIONS,
  ],
  exits: ACTION_EXITS,
  example: "hexad kill -s USR1 web",
} as const satisfies NamedTable;

export function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const text = given.value("signal") ?? DEFAULT_SIGNAL;
  const signal = signalName(signalNumber(text) ?? 0);
  const letters = (given.flag("group") ? GROUP_LETTERS : SIGNAL_LETTERS)[signal];
  if (letters === undefined) {
    const known = Object.keys(given.flag("group") ? GROUP_LETTERS : SIGNAL_LETTERS).map((name) =>
      name.slice(3)
    );
    throw new UsageError(
      `a supervisor can't send ${text}${given.flag("group") ? " to a group" : ""}; it can send ${
        known.join(" ")
      }`,
    );
  }
  return actOnServices(context, given, {
    letters,
    told: `was sent ${signal}`,
    goal: "ended",
    needsRun: true,
  });
}
