/**
 * s6-usertree-maker: a user's tree of services. Source: s6, doc/s6-usertree-maker.html,
 * usertree/s6-usertree-maker.c.
 */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { type CommandTable, UsageError } from "../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../lib/core/cli/given.ts";
import { userTreeScript } from "../../lib/instances/core/generated.ts";
import { writeGenerated } from "../../lib/instances/write_generated.ts";
import { type Context, Failure } from "../context.ts";
import { USUAL_EXITS } from "../usual_exits.ts";
import { interpreter, LOGGER_OPTIONS, loggerPlan, rcNames } from "./logger_options.ts";

const HOME = "${HOME}/";
const DEFAULT_SCANDIR = `${HOME}service`;
const DEFAULT_PATH = "/usr/bin:/bin";
const MOST_VARIABLES = 64;

export const table = {
  summary: "Writes the service directory of a user's own tree of services.",
  usage:
    "[ -d userscandir ] [ -p path ] [ -E envdir [ -e var ... ] ] [ -r service/logger[/pipeline] ] [ -l loguser ] [ -t stamptype ] [ -n nfiles ] [ -s filesize ] [ -S maxsize ] [ -P prefix ] user logdir dir",
  options: [
    {
      short: "d",
      arg: "USERSCANDIR",
      text: "the user's scan directory; default: ${HOME}/service",
    },
    { short: "p", arg: "PATH", text: "the value of PATH; default: /usr/bin:/bin" },
    { short: "E", arg: "ENVDIR", text: "set the variables of this directory" },
    {
      short: "e",
      arg: "VAR",
      text: "with -E: ${USER}, ${HOME}, ${UID}, ${GID} and ${GIDLIST} mean something in VAR",
    },
    ...LOGGER_OPTIONS,
  ],
  exits: USUAL_EXITS,
  example: "s6-usertree-maker -l log joe /var/log/joe /run/service/user-joe",
} as const satisfies CommandTable;

export function main({ argv }: Context): number {
  const given = readCommandLine(argv, table);
  const { value, values, operands: [user, logdir, dir] } = given;
  const scandir = value("d") ?? DEFAULT_SCANDIR;
  const variables = values("e");
  const wrong = variables.find((name) => name.includes("="));
  if (wrong !== undefined) throw new Failure(EXIT_USAGE, `invalid variable name: ${wrong}`);
  if (variables.length > MOST_VARIABLES) throw new Failure(EXIT_USAGE, "too many -e variables");
  if (user === undefined || logdir === undefined || dir === undefined) {
    throw new UsageError("a user, a log directory and a directory are needed");
  }
  const logger = loggerPlan(given, logdir);
  if (!scandir.startsWith("/") && !scandir.startsWith(HOME)) {
    throw new Failure(EXIT_USAGE, "userscandir must be absolute or start with ${HOME}/");
  }
  const names = rcNames(given, true);
  const path = value("p") ?? DEFAULT_PATH;
  const run = userTreeScript(interpreter(), {
    user,
    scandir,
    path,
    envdir: value("E"),
    variables,
  });
  writeGenerated({ dir, run, logger, names });
  return 0;
}
