/**
 * The catch-all logger of a tree that s6-svscanboot starts: a service directory `s6-svscan-log`
 * that reads a FIFO with s6-log, and the directory of its logs.
 *
 * The FIFO is opened for reading before it is opened for writing, and always has a writer after
 * that, so nobody waits for the logger to start. The run script is in execline, which needs no
 * shell. Source: s6, doc/s6-svscanboot.html, supervision/s6-svscanboot.c.
 */
import { CATCHALL_LOGGER } from "./core/svscan_names.ts";
import { EEXIST } from "../core/linux/errno.ts";
import { quoteForExecline } from "../core/shell/quoting.ts";
import type { UserAccount } from "../core/accounts/account_files.ts";
import { removeTree } from "../files/remove_tree.ts";
import { writeNew } from "../files/new_file.ts";
import { checked } from "../libc/bind.ts";
import { setNonblocking } from "../libc/fd.ts";
import { O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { access, chmod, chown, close, mkdir, mkfifo, X_OK } from "../libc/file.ts";
import { variable } from "../libc/environ.ts";
import { openFifo } from "../libc/wary_open.ts";

const DEFAULT_EXECLINEB = "/usr/bin/execlineb";
const DEFAULT_PATH = "/usr/bin:/bin";
const UNCHANGED = -1;

export interface CatchallSettings {
  /** Absolute. */
  readonly logdir: string;
  /** The user that the logger runs as; undefined: our own. */
  readonly user: string | undefined;
  /** Directives for s6-log, as written into the script. */
  readonly directives: string;
}

/** Makes the log directory and its missing parents. @throws {SyscallError} If that fails. */
export function makeLogdir(path: string, mode: number, owner: UserAccount | undefined): void {
  makePath(path);
  checked(`chown ${path}`, chown(path, owner?.uid ?? UNCHANGED, owner?.gid ?? UNCHANGED));
  checked(`chmod ${path}`, chmod(path, mode)); // after the chown, which may clear bits
}

/**
 * Makes a new service directory, and the scan directory if necessary. Returns the path of its FIFO.
 * @throws {SyscallError} If a step fails.
 */
export function makeCatchallService(scandir: string, settings: CatchallSettings): string {
  const dir = `${scandir}/${CATCHALL_LOGGER}`;
  makePath(scandir);
  removeTree(dir);
  checked(`create directory ${dir}`, mkdir(dir, 0o755));
  writeNew(`${dir}/notification-fd`, "3\n");
  writeNew(`${dir}/run`, runScript(settings), 0o755);
  for (const [name, mode] of [["notification-fd", 0o644], ["run", 0o755]] as const) {
    checked(`chmod ${dir}/${name}`, chmod(`${dir}/${name}`, mode));
  }
  const fifo = `${dir}/fifo`;
  checked(`create FIFO ${fifo}`, mkfifo(fifo, 0o600));
  return fifo;
}

/**
 * Opens the writing end of the logger's FIFO, in blocking mode, before the logger reads it.
 * @throws {SyscallError} If it can't be opened.
 */
export function openForLogger(fifo: string): number {
  const readFd = openFifo(fifo, O_RDONLY);
  try {
    const fd = openFifo(fifo, O_WRONLY);
    checked(`make ${fifo} blocking`, setNonblocking(fd, false));
    return fd;
  } finally {
    close(readFd);
  }
}

function runScript({ logdir, user, directives }: CatchallSettings): string {
  return [
    `#!${findExecutable("execlineb") ?? DEFAULT_EXECLINEB} -P`,
    "fdmove -c 1 2",
    "redirfd -rnb 0 fifo",
    ...(user === undefined ? [] : [`s6-setuidgid ${quoteForExecline(user)}`]),
    "exec -c",
    `s6-log -bpd3 -- ${directives} ${quoteForExecline(logdir)}`,
    "",
  ].join("\n");
}

/** Finds a program in PATH, because a script's first line needs an absolute path. */
export function findExecutable(program: string): string | undefined {
  const directories = (variable("PATH") ?? DEFAULT_PATH).split(":").filter((directory) =>
    directory.startsWith("/")
  );
  return directories.map((directory) => `${directory}/${program}`).find((path) =>
    access(path, X_OK) === 0
  );
}

function makePath(path: string): void {
  for (let end = path.indexOf("/", 1); end !== -1; end = path.indexOf("/", end + 1)) {
    makeDirectory(path.slice(0, end));
  }
  makeDirectory(path);
}

function makeDirectory(path: string): void {
  const made = mkdir(path, 0o755);
  if (made !== -EEXIST) checked(`create directory ${path}`, made);
}
