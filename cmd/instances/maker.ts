/**
 * s6-instance-maker: a service with instances. Source: s6, doc/s6-instance-maker.html,
 * instance/s6-instance-maker.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { instancesScript } from "../../lib/instances/core/generated.ts";
import { writeGenerated } from "../../lib/instances/write_generated.ts";
import { type Context, Failure } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";
import { interpreter, LOGGER_OPTIONS, loggerPlan, number, rcNames } from "./logger_options.ts";

const DEFAULT_INSTANCES = "500";
const MOST_INSTANCES = 90_000;

export const table = {
  summary:
    "Writes the service directory of a service with instances: copies of a template that s6-instance-create makes at run time.",
  usage:
    "[ -c max ] [ -u user ] [ -l loguser ] [ -L logdir ] [ -t stamptype ] [ -n nfiles ] [ -s filesize ] [ -S maxsize ] [ -P prefix ] [ -r service[/logger[/pipeline]] ] template dir",
  options: [
    { short: "c", arg: "MAX", text: "at most so many instances; default: 500" },
    { short: "u", arg: "USER", text: "the user as whom the instances run" },
    { short: "L", arg: "LOGDIR", text: "log what the instances write there" },
    ...LOGGER_OPTIONS,
  ],
  exits: USUAL_EXITS,
  example: "s6-instance-maker -u db -L /var/log/db template /run/service/db",
} as const satisfies CommandTable;

export function main({ argv }: Context): number {
  const given = readCommandLine(argv, table);
  const { value, operands: [template, dir] } = given;
  const user = value("u") ?? "";
  const directory = value("L");
  const wanted = number("maximum", value("c") ?? DEFAULT_INSTANCES);
  if (template === undefined || dir === undefined) {
    throw new UsageError("a template and a directory are needed");
  }
  const logger = directory === undefined ? undefined : loggerPlan(given, directory);
  const names = rcNames(given, logger !== undefined);
  if (/[ \t\n]/.test(user)) throw new Failure(EXIT_USAGE, "invalid user");
  const most = Math.min(Math.max(wanted, 1), MOST_INSTANCES);
  // an instance with a logger counts twice
  const counted = logger !== undefined && names === undefined ? 2 * most : most;
  const run = instancesScript(interpreter(), user, counted);
  writeGenerated({ dir, run, logger, names, template });
  return 0;
}
