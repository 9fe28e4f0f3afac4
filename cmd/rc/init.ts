/**
 * s6-rc-init: makes a live directory from a compiled database and asks the s6-svscan of a scan
 * directory to adopt it. Source: s6-rc, doc/s6-rc-init.html, s6-rc-init.c.
 */
import { SVSCAN_CTLDIR } from "../../lib/scandir/core/svscan_names.ts";
import { EXIT_NOT_SUPERVISED, EXIT_SYSTEM, EXIT_USAGE } from "../../lib/core/cli/exit_codes.ts";
import { ENOENT, strerror } from "../../lib/core/linux/errno.ts";
import type { CommandTable } from "../../lib/core/cli/getopt.ts";
import { removeTree } from "../../lib/files/remove_tree.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import { O_DIRECTORY, O_PATH } from "../../lib/core/linux/open_flags.ts";
import { close, readDirectory, tryOpen, unlink } from "../../lib/libc/file.ts";
import { realPath } from "../../lib/libc/cwd.ts";
import { converse } from "../../lib/rc/client.ts";
import { EXIT_INVALID } from "../../lib/rc/core/exit_codes.ts";
import { lineText } from "../../lib/rc/core/lines.ts";
import {
  copyServicedirs,
  LIVE_SOCKET,
  type LiveFacts,
  makeLiveFolder,
  pointTo,
  readLiveFacts,
} from "../../lib/rc/live_folder.ts";
import { isCompiled, readCompiled } from "../../lib/rc/read_compiled.ts";
import { connectIn, ENTRANCE, isNobody } from "../../lib/files/sockets.ts";
import { writeControl } from "../../lib/servicedir/client.ts";
import { type Context, Failure } from "../context.ts";
import { sayLine } from "../messages.ts";
import { golOptions, numberOf, usageOnly } from "./gol_options.ts";

const DEFAULT_LIVE = "/run/s6-rc";
const DEFAULT_DATABASE = "/etc/s6-rc/compiled/current";

export const helpAlone = true;

export const table = {
  summary:
    "Makes a live directory of a compiled database; all services are down then, and have supervisors.",
  usage: "[ -c bootdb ] [ -l livedir ] [ -p prefix ] [ -t timeout ] [ -d ] [ -b ] scandir",
  options: [
    {
      short: "c",
      long: "bootdb",
      arg: "DIR",
      text: `the compiled database; default: ${DEFAULT_DATABASE}`,
    },
    {
      short: "l",
      long: "livedir",
      arg: "DIR",
      text: `the live directory; default: ${DEFAULT_LIVE}`,
    },
    {
      short: "p",
      long: "prefix",
      arg: "TEXT",
      text: "stands before each service's name in the scan directory",
    },
    {
      short: "t",
      long: "timeout",
      arg: "MS",
      text: "give up after so many milliseconds; 0: never (default)",
    },
    {
      short: "d",
      long: "dereference",
      text: "use what the path of the database leads to, not the path",
    },
    { long: "no-dereference", text: "use the path of the database as it is (default)" },
    { short: "b", long: "block", text: "wait for whoever writes the database" },
    { long: "no-block", text: "fail if the database is being written (default)" },
  ],
  exits: [
    ["0", "done, or it was done already"],
    ["4", "the database is invalid"],
    ["100", "wrong usage, or no s6-svscan of hexad on the scan directory"],
    ["102", "there is a live directory of something else"],
    ["111", "system call failed"],
  ],
  example: "s6-rc-init -c /etc/s6-rc/compiled/current /run/service",
} as const satisfies CommandTable;

interface Plan extends LiveFacts {
  readonly live: string;
  readonly timeoutMs: number;
  readonly block: boolean;
}

export async function main(context: Context): Promise<number> {
  const plan = planOf(context);
  checkScandir(plan.scandir);
  const running = findRunning(context, plan);
  if (running !== undefined) {
    context.info(`s6-rc already running on ${running}`);
    return 0;
  }
  const database = readCompiledFor(plan);
  const entrance = connectIn(`${plan.scandir}/${SVSCAN_CTLDIR}`, ENTRANCE);
  if (entrance < 0) throw notOurs(plan.scandir, entrance);
  const folder = makeLiveFolder({
    ...plan,
    maker: "s6-rc-init",
    states: database.services.map(() => ({ up: false, wanted: false })),
  });
  try {
    const names = database.services.filter(({ type }) => type === "longrun").map(({ name }) =>
      name
    );
    copyServicedirs(`${plan.compiled}/servicedirs`, folder, names);
    pointTo(folder, plan.live);
    const code = await begin(context, entrance, plan);
    if (code === 0) return 0;
    unlink(plan.live);
    removeTree(folder);
    return code;
  } catch (error) {
    removeTree(folder);
    throw error;
  }
}

function planOf(context: Context): Plan {
  const options = golOptions(context, table);
  const [scandir] = options.operands;
  if (scandir === undefined) throw usageOnly();
  const live = options.value("l") ?? DEFAULT_LIVE;
  const bootdb = options.value("c") ?? DEFAULT_DATABASE;
  const prefix = options.value("p") ?? "";
  if (!scandir.startsWith("/")) throw new Failure(EXIT_USAGE, "scandir must be an absolute path");
  if (!live.startsWith("/")) throw new Failure(EXIT_USAGE, "livedir must be an absolute path");
  const timeoutMs = numberOf(options.value("t"), "timeout") ?? 0;
  const dereference = options.last("d", "no-dereference") === "d";
  if (!dereference && !bootdb.startsWith("/")) {
    throw new Failure(EXIT_USAGE, "bootdb must be an absolute path");
  }
  if (/[/\n]/.test(prefix)) throw new Failure(EXIT_USAGE, "prefix cannot contain a / or a newline");
  return {
    scandir,
    live: canonicalLive(live),
    compiled: dereference ? dereferenced(bootdb) : bootdb,
    prefix,
    timeoutMs,
    block: options.last("b", "no-block") === "b",
  };
}

/** The directory that holds the link must exist; the link itself need not. */
function canonicalLive(live: string): string {
  const trimmed = live.replace(/\/+$/, "");
  const at = trimmed.lastIndexOf("/");
  const parent = trimmed.slice(0, at);
  try {
    return `${parent === "" ? "" : realPath(parent)}/${trimmed.slice(at + 1)}`;
  } catch (error) {
    if (error instanceof SyscallError) throw new SyscallError(`opendir ${parent}`, error.errno);
    throw error;
  }
}

function checkScandir(scandir: string): void {
  const fd = tryOpen(scandir, O_PATH | O_DIRECTORY);
  if (fd < 0) throw new SyscallError(`check ${scandir}`, -fd);
  close(fd);
  const answer = writeControl(`${scandir}/${SVSCAN_CTLDIR}/control`, new Uint8Array(0));
  if (answer === "not a fifo") {
    throw new Failure(EXIT_SYSTEM, `invalid ${scandir}/${SVSCAN_CTLDIR} scandir control directory`);
  }
  if (answer !== "ok") throw new Failure(EXIT_USAGE, `s6-svscan is not running on ${scandir}`);
}

function notOurs(scandir: string, result: number): Failure {
  if (!isNobody(result)) {
    return new Failure(
      EXIT_SYSTEM,
      `unable to reach s6-svscan on ${scandir}: ${strerror(-result)}`,
    );
  }
  return new Failure(
    EXIT_USAGE,
    `the s6-svscan on ${scandir} is not hexad's: s6-rc needs hexad's s6-svscan there`,
  );
}

/**
 * The live folder that exists already and has a supervising process, as C names it; undefined:
 * there is none.
 */
function findRunning(context: Context, plan: Plan): string | undefined {
  const there = real(plan.live);
  if (there !== undefined) return isRunning(context, there, plan) ? there : undefined;
  const at = plan.live.lastIndexOf("/");
  const [parent, name] = [plan.live.slice(0, at), plan.live.slice(at + 1)];
  for (const sibling of readDirectory(parent === "" ? "/" : parent)) {
    if (!sibling.startsWith(`${name}:s6-rc-`)) continue;
    const folder = `${parent}/${sibling}`;
    if (!isRunning(context, folder, plan)) continue;
    pointTo(folder, plan.live);
    return `${folder} - recovering it`;
  }
  return undefined;
}

function dereferenced(path: string): string {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof SyscallError) throw new SyscallError(`realpath ${path}`, error.errno);
    throw error;
  }
}

function real(path: string): string | undefined {
  try {
    return realPath(path);
  } catch (error) {
    if (error instanceof SyscallError && error.errno === ENOENT) return undefined;
    throw error;
  }
}

/** @throws {Failure} If it has a supervising process but belongs to something else. */
function isRunning(context: Context, folder: string, plan: Plan): boolean {
  const fd = connectIn(folder, LIVE_SOCKET);
  if (fd < 0) {
    context.warn(`directory ${folder} looks like a live directory but has no supervisors running`);
    return false;
  }
  close(fd);
  const { scandir, prefix, compiled } = readLiveFacts(folder);
  const where = `existing livedir at ${folder}`;
  if (scandir !== plan.scandir) {
    throw new Failure(
      EXIT_NOT_SUPERVISED,
      `${where} uses scandir at ${scandir} rather than ${plan.scandir}`,
    );
  }
  if (prefix !== plan.prefix) {
    throw new Failure(EXIT_NOT_SUPERVISED, `prefix mismatch with the ${where}`);
  }
  if (compiled !== plan.compiled) {
    throw new Failure(
      EXIT_NOT_SUPERVISED,
      `${where} uses bootdb at ${compiled} rather than ${plan.compiled}`,
    );
  }
  return true;
}

function readCompiledFor(
  { compiled, block }: Plan,
): Exclude<ReturnType<typeof readCompiled>, { readonly problem: string }> {
  const fd = tryOpen(compiled, O_PATH);
  if (fd < 0) throw new SyscallError(`open ${compiled}`, -fd);
  close(fd);
  if (!isCompiled(compiled)) { // C looks at what the database holds before it takes a lock
    throw new Failure(
      EXIT_INVALID,
      `invalid database size in ${compiled}: it is not what s6-rc-compile makes of sources`,
    );
  }
  const database = readCompiled(compiled, { wait: block });
  if ("problem" in database) throw new Failure(database.exitCode, database.problem);
  return database;
}

async function begin(context: Context, fd: number, { live, timeoutMs }: Plan): Promise<number> {
  const code = await converse({
    fd,
    request: { command: "adopt", live, timeoutMs },
    withStdio: false,
    say: (line) => sayLine(lineText(context.program, line)),
  });
  if (code === undefined) {
    throw new Failure(EXIT_SYSTEM, "s6-svscan has gone before the services had supervisors");
  }
  return code;
}
