/**
 * Installs the service directories of an image in the live scan directory. Each is copied, as
 * s6-hiercopy does. If programs can't be executed there, a new directory is made with symbolic
 * links to the image's files.
 *
 * What a supervisor makes (`supervise`, `event`) is not copied, unless it is a link. Scripts
 * without the execute bit get it in the copy. A logger may get a logscript in place of its `run`.
 * Source: s6-overlay 3.2.3, s6-rc/scripts/services-up; 2.2.0.3, init-stage2-fixattrs.txt; skalibs,
 * hiercopy.
 */
import { EVENT_DIRECTORY, SUPERVISE_DIRECTORY } from "../servicedir/core/supervise_files.ts";
import { EEXIST, ENOENT } from "../core/linux/errno.ts";
import { writeNew } from "../files/new_file.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import {
  access,
  chmod,
  chown,
  close,
  F_OK,
  mkdir,
  mkfifo,
  open,
  read,
  readDirectory,
  readlink,
  symlink,
  writeAll,
} from "../libc/file.ts";
import {
  isDirectory,
  isFifo,
  isRegular,
  type Stat,
  stat,
  tryLstat,
  tryStat,
} from "../libc/stat.ts";
import { openFile } from "../libc/wary_open.ts";
import { byBytes } from "../core/text/bytes.ts";
import { LOGSCRIPT } from "../servicedir/hosted_log.ts";
import type { InstalledService } from "./port.ts";

const MODE_BITS = 0o7777;
const ANY_EXECUTE_BIT = 0o111;
const OWN_DIRECTORIES = new Set<string>([SUPERVISE_DIRECTORY, EVENT_DIRECTORY]);
/** What s6 executes in a service directory. */
const SCRIPTS = new Set(["run", "finish", "data/check"]);
const RUN = "run";
const LOGGER = "log";

export interface CopyOptions {
  /** Link instead of copy: the scan directory is mounted noexec. */
  readonly link: boolean;
  /** The logscript that replaces a log service's `run`; undefined: none. */
  logscriptFor(directory: string): string | undefined;
  warn(text: string): void;
}

/**
 * Installs every directory of `source` in `scandir`, with a warning for each that fails. A missing
 * `source` counts as empty.
 */
export function installServices(
  source: string,
  scandir: string,
  options: CopyOptions,
): InstalledService[] {
  return serviceNames(source).flatMap((name) => {
    try {
      copyServicedir(`${source}/${name}`, `${scandir}/${name}`, options);
      return [describe(name, `${source}/${name}`)];
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      options.warn(`unable to install the service ${name}: ${error.message} (going on without it)`);
      return [];
    }
  });
}

function serviceNames(source: string): string[] {
  if (access(source, F_OK) === -ENOENT) return [];
  return readDirectory(source).filter((name) => {
    const record = name.startsWith(".") ? -ENOENT : tryStat(`${source}/${name}`);
    return typeof record !== "number" && isDirectory(record.mode);
  }).sort(byBytes);
}

function describe(name: string, directory: string): InstalledService {
  const has = (file: string): boolean => access(`${directory}/${file}`, F_OK) === 0;
  return { name, tellsReadiness: has("notification-fd"), down: has("down") };
}

/**
 * Installs one service directory as `target`, with its logger.
 *
 * @param logscript Replaces its `run`. @throws {SyscallError} If a step fails.
 */
export function copyServicedir(
  source: string,
  target: string,
  options: CopyOptions,
  logscript?: string,
): void {
  const record = stat(source);
  makeDirectory(target, record);
  if (logscript !== undefined) writeNew(`${target}/${LOGSCRIPT}`, logscript);
  for (const name of readDirectory(source)) {
    const [from, to] = [`${source}/${name}`, `${target}/${name}`];
    const found = tryLstat(from);
    if (typeof found === "number" || (OWN_DIRECTORIES.has(name) && isDirectory(found.mode))) {
      continue;
    }
    if (name === RUN && logscript !== undefined) continue;
    if (name === LOGGER && isServicedir(from)) {
      copyServicedir(from, to, options, options.logscriptFor(from));
    } else if (options.link) checked(`link ${to}`, symlink(from, to));
    else copyAny(from, to, name, options);
  }
}

function isServicedir(path: string): boolean {
  const record = tryStat(path);
  return typeof record !== "number" && isDirectory(record.mode);
}

function makeDirectory(path: string, like: Stat): void {
  const made = mkdir(path, 0o700);
  if (made === -EEXIST) return; // made earlier, for example by a cont-init script
  checked(`create directory ${path}`, made);
  giveTo(path, like);
  checked(`chmod ${path}`, chmod(path, like.mode & MODE_BITS));
}

/** Gives it the original owner and group, if we may. */
function giveTo(path: string, { uid, gid }: Stat): void {
  chown(path, uid, gid);
}

function copyAny(from: string, to: string, inServicedir: string, options: CopyOptions): void {
  const record = tryLstat(from);
  if (typeof record === "number") return;
  if (isDirectory(record.mode)) {
    makeDirectory(to, record);
    for (const name of readDirectory(from)) {
      copyAny(`${from}/${name}`, `${to}/${name}`, `${inServicedir}/${name}`, options);
    }
  } else if (isRegular(record.mode)) {
    copyFile(from, to, record, modeOf(from, record, inServicedir, options));
  } else if (isFifo(record.mode)) {
    checked(`create FIFO ${to}`, mkfifo(to, record.mode & MODE_BITS));
    giveTo(to, record);
  } else {
    const link = readlink(from);
    if (typeof link === "string") {
      checked(`create link ${to}`, symlink(absoluteTarget(from, link), to));
    } else options.warn(`${from} is no file that can be copied (going on without it)`);
  }
}

/** In its new place, a relative link would point elsewhere. */
function absoluteTarget(from: string, link: string): string {
  return link.startsWith("/") ? link : `${from.slice(0, from.lastIndexOf("/"))}/${link}`;
}

function modeOf(from: string, { mode }: Stat, inServicedir: string, { warn }: CopyOptions): number {
  const bits = mode & MODE_BITS;
  if (!SCRIPTS.has(inServicedir) || (bits & ANY_EXECUTE_BIT) !== 0) return bits;
  warn(`${from} has no execute bit: its copy gets one; chmod +x it in the image`);
  return bits | ((bits & 0o444) >> 2);
}

const chunk = new Uint8Array(65536);

function copyFile(from: string, to: string, record: Stat, mode: number): void {
  const input = openFile(from, O_RDONLY);
  try {
    const output = open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      for (let size = read(input, chunk); size !== 0; size = read(input, chunk)) {
        writeAll(output, chunk.subarray(0, checked(`read ${from}`, size)), `write to ${to}`);
      }
    } finally {
      close(output);
    }
    giveTo(to, record);
    checked(`chmod ${to}`, chmod(to, mode)); // after the chown, which may clear bits
  } finally {
    close(input);
  }
}
