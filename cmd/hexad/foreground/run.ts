/** hexad run: the processes of a Procfile in the foreground, as foreman and honcho run them. */
import { globToRegExp } from "@std/path";
import { EXIT_USAGE } from "../../../lib/core/cli/exit_codes.ts";
import { UsageError } from "../../../lib/core/cli/getopt.ts";
import type { NamedTable } from "../../../lib/core/cli/option_table.ts";
import { parseUint } from "../../../lib/core/linux/config_file.ts";
import { dirName } from "../../../lib/core/text/path_name.ts";
import { printable } from "../../../lib/core/text/printable.ts";
import { removeTree } from "../../../lib/files/remove_tree.ts";
import { randomName } from "../../../lib/files/unique_name.ts";
import {
  type Formation,
  ONE_OF_EACH,
  onlyThese,
  parseFormation,
} from "../../../lib/foreground/core/formation.ts";
import {
  type ForegroundService,
  procfileServices,
} from "../../../lib/foreground/core/procfile_services.ts";
import {
  type FileWatch,
  parseFileWatch,
  typesOfChange,
} from "../../../lib/foreground/core/watched_files.ts";
import { watchFiles } from "../../../lib/foreground/file_watcher.ts";
import { ForegroundTree } from "../../../lib/foreground/foreground_tree.ts";
import { parseEnvironmentFile } from "../../../lib/grammars/core/environment_file.ts";
import { FIRST_PORT, parseProcfile } from "../../../lib/importer/core/procfile.ts";
import { absolutePath, readText } from "../../../lib/importer/source.ts";
import { checked, SyscallError } from "../../../lib/libc/bind.ts";
import { outliveFileSizeLimit } from "../../../lib/libc/disposition.ts";
import { variable } from "../../../lib/libc/environ.ts";
import { mkdir } from "../../../lib/libc/file.ts";
import { trySetChildSubreaper } from "../../../lib/libc/process.ts";
import { raiseNofileLimit } from "../../../lib/libc/resource_limit.ts";
import { tryStat } from "../../../lib/libc/stat.ts";
import { takeScandir } from "../../../lib/scandir/system.ts";
import { writeService } from "../../../lib/newservice/write.ts";
import { outliveChildren } from "../../../lib/supervise/outlive_children.ts";
import { type Context, Failure } from "../../context.ts";
import { logHostCommand } from "../../log/log_host_command.ts";
import { selfCommand } from "../../self.ts";
import { parseArguments } from "../arguments.ts";
import { noteWriter, widthOf } from "./foreground_output.ts";
import { languageOf } from "../script_language.ts";

const USUAL_GRACE_SECONDS = 5;
const MAX_GRACE_SECONDS = 86_400;
const HIGHEST_PORT = 65_535;

export const table = {
  summary:
    "Runs the processes of a Procfile in the foreground, with the time and the name before each line. When one ends, the others are ended.",
  usage:
    "[-f FILE] [-d DIR] [-e FILE]... [-m FORMATION] [-p PORT] [-t SECONDS] [-k] [-w [NAME=]GLOB]... [Procfile] [NAME...]",
  operands: "text",
  options: [
    {
      short: "f",
      long: "file",
      arg: "FILE",
      kind: "file",
      text:
        "the Procfile; default: the first operand, if it is a file called Procfile..., or Procfile",
    },
    {
      short: "d",
      long: "root",
      arg: "DIR",
      kind: "directory",
      text: "where the commands run; default: the directory of the Procfile",
    },
    {
      short: "e",
      long: "env",
      arg: "FILE",
      kind: "file",
      repeatable: true,
      text: "a file of variables, or several with commas between; default: .env, if it is there",
    },
    {
      short: "m",
      long: "formation",
      arg: "FORMATION",
      text: "how many of each: web=2,worker=1, or all=2; what is not named does not run",
    },
    {
      short: "p",
      long: "port",
      arg: "PORT",
      text:
        "PORT of the first process, each next type gets 100 more; default: PORT of .env or of the environment, or 5000",
    },
    {
      short: "t",
      long: "timeout",
      arg: "SECONDS",
      text: `the time between SIGTERM and SIGKILL at the end; default: ${USUAL_GRACE_SECONDS}`,
    },
    { short: "k", long: "keep", text: "go on until all have ended" },
    {
      short: "w",
      long: "watch",
      arg: "[NAME=]GLOB",
      repeatable: true,
      text:
        "start the processes NAME, or all, again when a file changes that matches; with --keep also those that have ended",
    },
  ],
  exits: [
    ["0", "ended by a signal, such as Ctrl-C"],
    ["N", "the exit code of the process that ended first, 128 + signal for a signal"],
    ["100", "wrong usage, or the Procfile can't be used"],
    ["111", "system call failed"],
  ],
  example: "hexad run -m web=2,worker=1",
} as const satisfies NamedTable;

export async function main(context: Context): Promise<number> {
  const given = parseArguments(context.argv, table);
  const { flag, value, values } = given;
  const { file, names } = chosenFile(value("file"), given.operands);
  const directory = absolutePath(value("root") ?? dirName(absolutePath(file)));
  const variables = environmentOf(context, values("env"), directory);
  const services = servicesOf(context, {
    file,
    directory,
    formation: formationOf(value("formation"), names),
    basePort: basePortOf(value("port"), variables),
    variables,
    graceMs: 1000 *
      numberOf(value("timeout"), "timeout", MAX_GRACE_SECONDS, USUAL_GRACE_SECONDS),
    language: languageOf("sh", undefined),
  });
  const watches = values("watch").map((text) => parseFileWatch(text, globToRegExp));
  const scandir = makeScandir(services);
  try {
    return await run(context, { services, scandir, directory, watches, keep: flag("keep") });
  } finally {
    removeTree(scandir);
  }
}

/** Which Procfile, and which of its processes; the file may be the first operand. */
function chosenFile(
  given: string | undefined,
  operands: readonly string[],
): { readonly file: string; readonly names: readonly string[] } {
  const [first = "", ...names] = operands;
  const isFile = given === undefined && /(?:^|\/)Procfile[^/]*$/.test(first) &&
    typeof tryStat(first) !== "number";
  return isFile ? { file: first, names } : { file: given ?? "Procfile", names: operands };
}

function servicesOf(
  context: Context,
  run: Parameters<typeof procfileServices>[1],
): readonly ForegroundService[] {
  const { types, strange } = parseProcfile(procfileText(run.file));
  for (const { line, text } of strange) {
    context.warn(`${run.file}:${line}: not NAME: COMMAND: ${printable(text.slice(0, 60))}`);
  }
  try {
    const services = procfileServices(types, run);
    if (services.length > 0) return services;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(EXIT_USAGE, `${run.file}: ${error.message}`);
  }
  throw new Failure(EXIT_USAGE, `${run.file}: there is no process to run`);
}

/** @throws {Failure} Of usage, if it can't be read: most often it is not there. */
function procfileText(file: string): string {
  try {
    return readText(file);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new Failure(EXIT_USAGE, error.message);
  }
}

function formationOf(text: string | undefined, names: readonly string[]): Formation {
  if (text === undefined) return names.length === 0 ? ONE_OF_EACH : onlyThese(names);
  if (names.length > 0) {
    throw new UsageError("a formation and names are too much: -m NAME=1 is the same as NAME");
  }
  try {
    return parseFormation(text);
  } catch (error) {
    throw error instanceof SyntaxError ? new UsageError(`formation: ${error.message}`) : error;
  }
}

type Variables = readonly (readonly [name: string, value: string])[];

/** Later files win. */
function environmentOf(
  context: Context,
  given: readonly string[],
  directory: string,
): Variables {
  const usual = `${directory}/.env`;
  const hasUsual = given.length === 0 && typeof tryStat(usual) !== "number";
  const paths = hasUsual ? [usual] : given.flatMap((list) => list.split(","));
  const all = new Map<string, string>();
  for (const path of paths) {
    const { variables, faults } = parseEnvironmentFile(readText(path), "foreman", variable);
    for (const { line, text } of faults) context.warn(`${path}:${line}: ${text}`);
    for (const [name, text] of variables) all.set(name, text);
  }
  return [...all];
}

function basePortOf(given: string | undefined, variables: Variables): number {
  const inherited = variables.findLast(([name]) => name === "PORT")?.[1] ?? variable("PORT");
  return numberOf(given ?? inherited, "PORT", HIGHEST_PORT, FIRST_PORT);
}

function numberOf(text: string | undefined, what: string, most: number, usual: number): number {
  if (text === undefined) return usual;
  const number = parseUint(text);
  if (number !== undefined && number <= most) return number;
  throw new UsageError(`${what} is a number up to ${most}, not ${text}`);
}

/** The scan directory: only this user may enter it, and nobody can have guessed its name. */
function makeScandir(services: readonly ForegroundService[]): string {
  const parent = variable("XDG_RUNTIME_DIR") ?? variable("TMPDIR") ?? "/tmp";
  const scandir = `${parent}/hexad-run-${randomName(12)}`;
  checked(`create directory ${scandir}`, mkdir(scandir, 0o700));
  try {
    for (const { name, files } of services) writeService(scandir, name, files);
  } catch (error) {
    removeTree(scandir);
    throw error;
  }
  return scandir;
}

interface Running {
  readonly services: readonly ForegroundService[];
  readonly scandir: string;
  readonly directory: string;
  readonly watches: readonly FileWatch[];
  readonly keep: boolean;
}

async function run(
  context: Context,
  { services, scandir, directory, watches, keep }: Running,
): Promise<number> {
  outliveFileSizeLimit();
  raiseNofileLimit();
  outliveChildren();
  trySetChildSubreaper();
  const nameWidth = widthOf(services.map(({ name }) => name));
  const note = noteWriter(context, nameWidth);
  context.info(`hexad status -S ${scandir} shows these services while they run`);
  const tree = new ForegroundTree({
    control: takeScandir(scandir),
    nameWidth,
    keepsGoing: keep,
    staysIdle: watches.length > 0,
    note,
    setlock: (args) => selfCommand("s6-setlock", args),
    logHost: logHostCommand,
    warn: (text) => context.warn(text),
    warnOfService: (name, text) => context.warn(`${name}: ${text}`),
  });
  using stack = new DisposableStack();
  if (watches.length > 0) {
    const end = new AbortController();
    stack.defer(() => end.abort());
    watchFiles(directory, end.signal, (paths) => {
      const types = typesOfChange(paths, watches);
      if (types.size === 0) return;
      note(`${printable(paths[0]!)} has changed`);
      tree.restart((name) => types.has(undefined) || types.has(name.replace(/\.\d+$/, "")));
    }).catch((error: unknown) => {
      context.warn(`unable to watch ${directory}: ${error instanceof Error ? error.message : ""}`);
    });
  }
  return await tree.run();
}
