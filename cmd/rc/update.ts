/**
 * s6-rc-update: replaces the compiled database of running services. Source: s6-rc,
 * doc/s6-rc-update.html, s6-rc-update.c.
 */
import { EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { parseScript, ScriptError } from "../../lib/execline/core/execline_script.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { readSmallFile } from "../../lib/libc/small_file.ts";
import { realPath } from "../../lib/libc/cwd.ts";
import type { RcDatabase } from "../../lib/rc/core/database.ts";
import { type Conversion, planUpdate } from "../../lib/rc/core/update_plan.ts";
import { readCompiled } from "../../lib/rc/read_compiled.ts";
import { ENOENT, strerror } from "../../lib/core/linux/errno.ts";
import { access, F_OK } from "../../lib/libc/file.ts";
import { decodePath } from "../../lib/core/text/path_bytes.ts";
import { type Context, Failure } from "../context.ts";
import { golOptions, numberOf, usageOnly } from "./gol_options.ts";
import { readLive, takeSharedLock } from "./live_database.ts";
import { ask, connectToLive } from "./request.ts";

const DEFAULT_LIVE = "/run/s6-rc";
const MAX_CONVERSIONS = 1 << 20;

export const helpAlone = true;

export const table = {
  summary:
    "Takes running services over to another compiled database; restarts only what has to be.",
  usage:
    "[ -n ] [ -v verbosity ] [ -t timeout ] [ -l live ] [ -f conversion_file ] [ -E | -e ] [ -b ] newdb",
  options: [
    {
      short: "n",
      long: "dry-run",
      text: "only print the two s6-rc commands that it comes down to",
    },
    {
      short: "v",
      long: "verbosity",
      arg: "N",
      text: "0 errors only, 1 warnings (default), 2 each step",
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
      short: "f",
      long: "conversion-file",
      arg: "FILE",
      text: "lines OLD [-> NEW] [restart]: services that have another name, or are to be restarted",
    },
    { short: "E", long: "with-essentials", text: "leave essential services alone (default)" },
    { short: "e", long: "without-essentials", text: "stop essential services, too, if need be" },
    { short: "b", long: "block", text: "wait until nothing is being changed" },
  ],
  exits: [
    ["0", "done"],
    ["1, 2", "done, but a service could not be started, or not in time"],
    ["3, 4, 5, 6", "the conversion file or a database is not right"],
    ["9, 10", "not done: a service could not be stopped, or not in time"],
    ["100", "wrong usage"],
    ["111", "system call failed, or something is being changed just now"],
  ],
  example: "s6-rc-update -v2 -l /run/s6-rc /etc/s6-rc/compiled/new",
} as const satisfies CommandTable;

export async function main(context: Context): Promise<number> {
  const options = golOptions(context, table);
  const [newdb] = options.operands;
  if (newdb === undefined) throw usageOnly();
  const verbosity = numberOf(options.value("v"), "verbosity") ?? 1;
  const timeoutMs = numberOf(options.value("t"), "verbosity") ?? 0;
  const path = options.value("l") ?? DEFAULT_LIVE;
  if (!path.startsWith("/")) throw new Failure(EXIT_USAGE, `${path} is not an absolute path`);
  if (!newdb.startsWith("/")) throw new Failure(EXIT_USAGE, `${newdb} is not an absolute path`);
  const live = canonical(path);
  requireLive(live);
  const block = options.flag("b");
  const forced = options.last("E", "e") === "e";
  const database = readCompiled(newdb, { wait: block });
  if ("problem" in database) throw new Failure(database.exitCode, database.problem);
  const file = options.value("f");
  const conversions = file === undefined ? [] : readConversions(file);
  if (options.flag("n")) {
    return showPlan(context, {
      live,
      newdb,
      database,
      conversions,
      verbosity,
      timeoutMs,
      block,
      forced,
    });
  }
  return await ask(context, connectToLive(live), {
    command: "update",
    live,
    database: newdb,
    conversions,
    forced,
    block,
    timeoutMs,
    verbosity,
  });
}

/** Resolves the links in the directory part; the link itself is kept. */
function canonical(live: string): string {
  const trimmed = live.replace(/\/+$/, "");
  const at = trimmed.lastIndexOf("/");
  try {
    return `${at <= 0 ? "" : realPath(trimmed.slice(0, at))}/${trimmed.slice(at + 1)}`;
  } catch (error) {
    if (error instanceof SyscallError) throw new SyscallError("canonicalize livedir", error.errno);
    throw error;
  }
}

/** The live directory is looked at before the new database. @throws {Failure} If there is none. */
function requireLive(live: string): void {
  for (const lock of [`${live}/lock`, `${live}/compiled/lock`]) {
    const there = access(lock, F_OK);
    if (there >= 0) continue;
    const reason = strerror(-there);
    throw new Failure(
      EXIT_SYSTEM,
      `unable to take lock on ${live} and ${live}/compiled: ${reason}`,
    );
  }
}

/**
 * Lines of execline words: `OLD [-> NEW] [restart]`. @throws {Failure} If a line has another form.
 */
function readConversions(file: string): Conversion[] {
  const bytes = readSmallFile(file, MAX_CONVERSIONS);
  if (bytes === undefined) throw new SyscallError(`open ${file}`, ENOENT);
  return decodePath(bytes).split("\n").flatMap((line) => {
    const words = wordsOf(line, file);
    const [old, ...rest] = words;
    if (old === undefined) return [];
    const hasName = rest[0] === "->" && rest.length > 1;
    const keywords = hasName ? rest.slice(2) : rest;
    const unknown = keywords.find((word) => word !== "restart");
    if (unknown !== undefined) {
      throw new Failure(EXIT_USAGE, `unknown keyword in conversion file: ${unknown}`);
    }
    return [{ old, ...(hasName ? { new: rest[1]! } : {}), restart: keywords.length > 0 }];
  });
}

function wordsOf(line: string, file: string): readonly string[] {
  try {
    return parseScript(encodePath(line), file).texts;
  } catch (error) {
    if (!(error instanceof ScriptError)) throw error;
    const what = /brace|[{}]/.test(error.message) ? "mismatched braces" : "syntax error";
    throw new Failure(EXIT_USAGE, `${what} in conversion file: ${line}`);
  }
}

interface DryUpdate {
  readonly live: string;
  readonly newdb: string;
  readonly database: RcDatabase;
  readonly conversions: readonly Conversion[];
  readonly verbosity: number;
  readonly timeoutMs: number;
  readonly block: boolean;
  readonly forced: boolean;
}

/** -n: the two commands of s6-rc, as s6-rc-dryrun prints them. */
function showPlan(
  context: Context,
  { live, newdb, database, conversions, verbosity, timeoutMs, block, forced }: DryUpdate,
): number {
  takeSharedLock(live, block);
  const { database: old, states } = readLive(live, block);
  if (verbosity >= 2) context.info("computing state adjustments");
  const plan = planUpdate({
    old,
    up: states.map(({ up }) => up),
    new: database,
    conversions,
    live,
    newPath: newdb,
  });
  if ("problem" in plan) throw new Failure(plan.exitCode, plan.problem);
  const print = (direction: string, names: readonly string[]): void => {
    const words = [
      "s6-rc",
      "-v",
      verbosity,
      "-t",
      timeoutMs,
      "-l",
      live,
      direction,
      "--",
      "change",
      ...names,
    ];
    if (verbosity > 0) context.out(`s6-rc-dryrun: ${words.join(" ")}\n`);
  };
  if (verbosity >= 2) context.info("stopping services in the old database");
  print(forced ? "-D" : "-d", plan.stop.toReversed().map((number) => old.services[number]!.name));
  if (verbosity >= 2) context.info("starting services in the new database");
  print("-u", plan.wanted.toReversed().map((number) => database.services[number]!.name));
  return 0;
}
