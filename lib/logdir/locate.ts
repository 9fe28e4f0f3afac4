/**
 * Where the lines of a service are: found through the logger that reads them, without its help.
 *
 * The logger is the service's `log`, or, where services are joined by s6-rc, the supervised process
 * whose standard input is the pipe that the service writes to. What it writes is asked of its
 * processes first (arguments, open `current`), which tell what is, and of its files then, which
 * tell what will be.
 */
import { decodePath } from "../core/text/path_bytes.ts";
import { logdirsOf, logscriptLogdirs, wordsOf } from "./core/logger_words.ts";
import { SyscallError } from "../libc/bind.ts";
import { readDirectory, readlink } from "../libc/file.ts";
import { readSmallFile } from "../libc/small_file.ts";
import { distinctPlaces } from "../libc/places.ts";
import { fileKey, isFifo, tryStat } from "../libc/stat.ts";
import { readProcFile } from "../procfs/processes.ts";
import { CURRENT } from "./core/rotation.ts";
import { MAX_LOGSCRIPT } from "./core/logscript_file.ts";
import { isHostedLog, LOGSCRIPT } from "../servicedir/hosted_log.ts";

const FILE_LIMIT = 65536;

/** A logger: its service directory, and the processes of its service, none if it is down. */
export interface Logger {
  readonly directory: string;
  readonly pids: readonly number[];
}

/**
 * The log directories of a logger that are there, each under one name, as absolute paths where they
 * can be told; the one that was written to last is first.
 */
export function logdirsOfLogger(logger: Logger): string[] {
  // the processes of a hosted log are those of its log host, which serves others too
  const asked = isHostedLog(logger.directory) ? [] : logger.pids;
  const found = [...asked.flatMap(processLogdirs), ...fileLogdirs(logger.directory)];
  const dated = distinctPlaces(found, (path) => path).map((path) => ({
    path,
    mtimeMs: changeTime(`${path}/${CURRENT}`),
  }));
  return dated.filter(({ mtimeMs }) => mtimeMs !== undefined).sort((a, b) =>
    b.mtimeMs! - a.mtimeMs!
  ).map(({ path }) => path);
}

/**
 * What names the pipe behind a descriptor of a process, the same for both of its ends; undefined if
 * it is none, or not for this user to see.
 */
export function pipeBehind(pid: number, fd: number): string | undefined {
  const record = tryStat(`/proc/${pid}/fd/${fd}`);
  return typeof record !== "number" && isFifo(record.mode) ? fileKey(record) : undefined;
}

function changeTime(path: string): number | undefined {
  const record = tryStat(path);
  return typeof record === "number" ? undefined : record.mtimeMs;
}

function processLogdirs(pid: number): string[] {
  return [...argumentLogdirs(pid), ...openLogdirs(pid)];
}

function argumentLogdirs(pid: number): string[] {
  const bytes = readProcFile(`/proc/${pid}/cmdline`, FILE_LIMIT);
  if (bytes === undefined) return [];
  const logdirs = logdirsOf(decodePath(bytes).split("\0").slice(0, -1));
  if (logdirs.every((path) => path.startsWith("/"))) return logdirs;
  const directory = readlink(`/proc/${pid}/cwd`);
  return typeof directory === "string"
    ? logdirs.map((path) => absolute(path, directory))
    : logdirs.filter((path) => path.startsWith("/"));
}

/** The directories whose `current` a process has open. */
function openLogdirs(pid: number): string[] {
  try {
    const targets = readDirectory(`/proc/${pid}/fd`).map((fd) => readlink(`/proc/${pid}/fd/${fd}`));
    return targets.filter((target) => typeof target === "string").filter((target) =>
      target.endsWith(`/${CURRENT}`)
    )
      .map((target) => target.slice(0, -CURRENT.length - 1));
  } catch (error) {
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

function fileLogdirs(directory: string): string[] {
  const logdirs = isHostedLog(directory)
    ? logscriptLogdirs(contentOf(`${directory}/${LOGSCRIPT}`, MAX_LOGSCRIPT))
    : logdirsOf(wordsOf(decodePath(contentOf(`${directory}/run`, FILE_LIMIT))));
  return logdirs.map((path) => absolute(path, directory));
}

function absolute(path: string, directory: string): string {
  return path.startsWith("/") ? path : `${directory}/${path.replace(/^\.\//, "")}`;
}

/** Nothing, if this user may not read it. */
function contentOf(path: string, limit: number): Uint8Array {
  try {
    return readSmallFile(path, limit) ?? new Uint8Array(0);
  } catch (error) {
    if (error instanceof SyscallError) return new Uint8Array(0);
    throw error;
  }
}
