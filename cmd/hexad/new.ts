/** hexad new: writes a service directory. */
import { EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../lib/core/cli/option_table.ts";
import { parseUint } from "../../lib/core/linux/config_file.ts";
import { serviceFilesOf } from "../../lib/importer/core/plan_files.ts";
import { plannedUser } from "../../lib/importer/core/planned_user.ts";
import {
  nameFault,
  plainPlan,
  type PlannedCommand,
  type PlannedLog,
  type ServicePlan,
  variableFault,
} from "../../lib/importer/core/service_plan.ts";
import { servedWords, servePlan } from "../../lib/importer/core/serve_plan.ts";
import { ExistsError, writeService } from "../../lib/newservice/write.ts";
import { type Context, Failure } from "../context.ts";
import { type Arguments, parseArguments } from "./arguments.ts";
import { HEALTH_OPTIONS, healthOf } from "./new_health.ts";
import { newDefinition, RC_OPTIONS, refuseRcOptions } from "./new_rc.ts";
import { languageOf } from "./script_language.ts";
import { tellFaults } from "./service_faults.ts";

const MAX_FD = 1023;
const LOG_FORMS = ["process", "logscript"] as const;

export const table = {
  summary:
    "Writes a service directory: run, and what else is asked for. It works under C s6 as well.",
  usage:
    "[-C DIR] [-c LINE] [-u USER] [-d DIR] [-e NAME=VALUE]... [-n FD | -k LINE] [-p] [-l] [--log-dir DIR] [--log-user USER] [--log-form FORM] [--serve] [--health-cmd LINE|--health-tcp [HOST:]PORT|--health-http URL|--health-unix PATH] [--health-OPTION VALUE]... [--on-unhealthy WHAT] [--down] [-x] [-i PATH] [--rc [--oneshot] [--depends-on NAME]... [--bundle NAME]...] NAME [PROGRAM [ARGUMENT...]]",
  operands: "text",
  options: [
    {
      short: "C",
      long: "dir",
      arg: "DIR",
      kind: "directory",
      text: "make it in this directory, such as a scan directory; default: the current one",
    },
    {
      short: "c",
      long: "cmd",
      arg: "LINE",
      kind: "text",
      text:
        "what it runs, as a line for a shell; or PROGRAM and its arguments, after --; default: NAME",
    },
    {
      short: "u",
      long: "user",
      arg: "USER",
      kind: "text",
      text: "run it as this user, or USER:GROUP; names or numbers",
    },
    { short: "d", long: "chdir", arg: "DIR", kind: "directory", text: "run it in this directory" },
    {
      short: "e",
      long: "env",
      arg: "NAME=VALUE",
      kind: "text",
      repeatable: true,
      text: "a variable of its environment, in env/",
    },
    {
      short: "n",
      long: "notify",
      arg: "FD",
      kind: "number",
      text: "it writes a newline to this descriptor when it is ready",
    },
    {
      short: "k",
      long: "check",
      arg: "LINE",
      kind: "text",
      text: "a line for a shell that succeeds when it is ready",
    },
    { short: "l", long: "log", text: "with a logger: 20 files of a megabyte in /var/log/NAME" },
    { long: "log-dir", arg: "DIR", kind: "directory", text: "with a logger that writes there" },
    {
      short: "p",
      long: "prefix",
      text:
        "its lines go to the container's output behind its name, by a logger of hexad; with --log they are stored as well",
    },
    {
      long: "log-user",
      arg: "USER",
      kind: "text",
      text: "with a logger that runs as this user; default: nobody, if there is a --user",
    },
    {
      long: "log-form",
      arg: "FORM",
      kind: LOG_FORMS,
      text:
        "logscript (no process of its own, the default) or process (a run with s6-log, for C s6 too)",
    },
    {
      long: "serve",
      text: "a service that runs hexad serve; what would be the program is its options",
    },
    { long: "down", text: "don't start it by itself" },
    { short: "x", long: "execline", text: "write scripts for execlineb; default: for sh" },
    {
      short: "i",
      long: "interpreter",
      arg: "PATH",
      kind: "file",
      text: "what stands behind #!; default: /bin/sh, or the execlineb of this machine",
    },
    ...HEALTH_OPTIONS,
    ...RC_OPTIONS,
  ],
  exits: [["0", "made"], ["100", "wrong usage, or there is something of that name"], [
    "111",
    "system call failed",
  ]],
  example:
    "hexad new web --user www --log -C /run/service -- nginx -g 'daemon off;'\nhexad new init-db --rc --oneshot -C rootfs/etc/s6-overlay/s6-rc.d --cmd 'mkdir -p /data'",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const [name, ...words] = given.operands;
  if (name === undefined) throw new UsageError("a name is needed");
  const fault = nameFault(name);
  if (fault !== undefined) throw new UsageError(`no name for a service: ${name} (${fault})`);
  const plan = planOf(name, words, given);
  const parent = given.value("dir") ?? ".";
  const language = languageOf(
    given.flag("execline") ? "execline" : "sh",
    given.value("interpreter"),
  );
  if (given.flag("rc")) {
    const hasInterpreter = given.value("interpreter") !== undefined;
    return await newDefinition(context, given, { parent, plan, language, hasInterpreter });
  }
  refuseRcOptions(given);
  try {
    writeService(parent, name, serviceFilesOf(plan, language));
  } catch (error) {
    if (error instanceof ExistsError) throw new Failure(EXIT_USAGE, error.message);
    throw error;
  }
  const path = `${parent}/${name}`;
  context.out(`${path}\n`);
  await tellFaults(context, path);
  return 0;
}

function planOf(
  name: string,
  words: readonly string[],
  given: Arguments<typeof table.options[number]>,
): ServicePlan {
  const { flag, value, values } = given;
  const notify = value("notify");
  const check = value("check");
  if (notify !== undefined && check !== undefined) {
    throw new UsageError("either --notify or --check: what tells by itself needs no check");
  }
  const notificationFd = notify === undefined ? undefined : parseUint(notify);
  if (
    notify !== undefined &&
    (notificationFd === undefined || notificationFd < 1 || notificationFd > MAX_FD)
  ) {
    throw new UsageError(`no descriptor that a service can have: ${notify} (3 is the usual one)`);
  }
  if (flag("serve") && [value("cmd"), notify, check].some((one) => one !== undefined)) {
    throw new UsageError("--serve: what it runs, and how it tells that it is ready, is known");
  }
  const log = logOf(name, given);
  const health = healthOf(given);
  const [user, directory] = [value("user"), value("chdir")];
  if (directory !== undefined && !directory.startsWith("/")) {
    throw new UsageError(`--chdir needs an absolute directory: ${directory}`);
  }
  const plan = flag("serve")
    ? servePlan(name, servedWords(words))
    : plainPlan(name, commandOf(name, words, value("cmd")));
  return {
    ...plan,
    environment: values("env").map(variableOf),
    redirections: log === undefined ? [] : [{ fd: 2, to: "&1" }],
    files: { ...plan.files, ...(flag("down") ? { down: "" } : {}) },
    ...(user === undefined ? {} : { user: plannedUser(user) }),
    ...(directory === undefined ? {} : { directory }),
    ...(notificationFd === undefined ? {} : { notificationFd }),
    ...(check === undefined ? {} : { check }),
    ...(health === undefined ? {} : { health }),
    ...(log === undefined ? {} : { log }),
  };
}

function commandOf(
  name: string,
  words: readonly string[],
  line: string | undefined,
): PlannedCommand {
  if (line !== undefined && words.length > 0) {
    throw new UsageError(`either --cmd or a program: ${words.join(" ")}`);
  }
  if (line !== undefined) {
    if (line.trim() === "") throw new UsageError("--cmd is empty");
    return { kind: "shell", line: line.trim() };
  }
  return { kind: "words", words: words.length > 0 ? words : [name] };
}

function variableOf(text: string): readonly [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new UsageError(`not NAME=VALUE: ${text}`);
  const name = text.slice(0, equals);
  const fault = variableFault(name);
  if (fault !== undefined) throw new UsageError(`no variable for env/: ${name} (${fault})`);
  return [name, text.slice(equals + 1)];
}

function logOf(
  name: string,
  { flag, value }: Arguments<typeof table.options[number]>,
): PlannedLog | undefined {
  const [directory, user, form] = [value("log-dir"), value("log-user"), value("log-form")];
  const isStored = flag("log") || directory !== undefined ||
    !flag("prefix") && (user !== undefined || form !== undefined);
  if (!isStored && !flag("prefix")) return undefined;
  if (flag("prefix") && flag("rc")) {
    throw new UsageError("--prefix is for service directories, not for --rc");
  }
  if (flag("prefix") && form === "process") {
    throw new UsageError("--prefix needs a logger of hexad, and none of the form process");
  }
  const usual = flag("rc") ? "process" : "logscript";
  const known = LOG_FORMS.find((each) => each === (form ?? usual));
  if (known === undefined) {
    throw new UsageError(`no form of a logger: ${form} (there are ${LOG_FORMS.join(", ")})`);
  }
  const place = directory ?? `/var/log/${name}`;
  if (!/^\.{0,2}\//.test(place)) {
    throw new UsageError(`a log directory begins with / or ./: ${place}`);
  }
  // what is not stored needs no rights, and no log host of its own
  const writer = user ??
    (value("user") === undefined || !isStored ? undefined : "nobody");
  return {
    form: known,
    ...(isStored ? { directory: place } : {}),
    directives: [
      ...(flag("prefix") ? ["o"] : []),
      ...(isStored ? ["n20", "s1000000", "T"] : []),
    ],
    ...(writer === undefined ? {} : { user: plannedUser(writer) }),
  };
}
