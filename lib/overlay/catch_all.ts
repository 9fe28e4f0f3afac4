/**
 * The catch-all logger of S6_LOGGING: a service `s6-svscan-log` that stores what everything without a logger of its own writes.
 *
 * Its `run` is a link to this program, which is called `run` then: it needs no shell, and works on a noexec mount. What it is to do stands in
 * files of its `data`. Output goes to its FIFO from the first moment on, long before it reads there.
 * Source: s6-linux-init, s6-linux-init-maker.c, s6_svscan_log_script; s6-overlay 3.2.3, stage0.
 */
import type { OverlaySettings } from "../core/overlay_settings.ts";
import { variableWords } from "../core/overlay_settings.ts";
import { decodePath, encodePath } from "../core/path_bytes.ts";
import type { UserAccount } from "../core/account_files.ts";
import { checked } from "../libc/bind.ts";
import { dup2, dupAbove } from "../libc/fd.ts";
import {
  close,
  mkdir,
  mkfifo,
  O_CREAT,
  O_EXCL,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  open,
  readSmallFile,
  symlink,
  writeAll,
} from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { makeLogdir } from "../scandir/catchall.ts";
import { findUser } from "../servicedir/accounts.ts";
import { SPECIAL_LOGGER } from "../scandir/service.ts";
import { OverlayError } from "./overlay_error.ts";

const LOGDIR_MODE = 0o2750;
const FIRST_FREE_FD = 10;
const MAX_FILE = 4096;
const EXIT_REFUSED = 100;
/** The user that nobody has to become. */
const ROOT = "root";

/** What the logger's `run` finds in its `data`. */
export interface CatchAllOrders {
  /** For s6-log, the directory among them. */
  readonly directives: readonly string[];
  /** Whose rights it has; undefined: ours. */
  readonly user: string | undefined;
}

/** The container's standard output and error, before they were diverted. */
export interface EngineOutput {
  readonly stdoutFd: number;
  readonly stderrFd: number;
}

/** Of S6_LOGGING_SCRIPT, what says how lines are stamped; the console too if S6_LOGGING is 1. */
function directivesOf({ logging, loggingScript }: OverlaySettings): string[] {
  const words = variableWords(loggingScript);
  return [...(logging === 1 ? ["1"] : []), ...["t", "T"].filter((stamp) => words.includes(stamp))];
}

function accountOf(user: string): UserAccount | undefined {
  if (user === ROOT || geteuid() !== 0) return undefined;
  const account = findUser(user);
  if (account !== undefined) return account;
  throw new OverlayError(EXIT_REFUSED, `S6_CATCHALL_USER is ${user}, who is not in /etc/passwd: add that user to the image`);
}

function writeNew(path: string, text: string): void {
  const fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o644);
  try {
    writeAll(fd, encodePath(text), `write to ${path}`);
  } finally {
    close(fd);
  }
}

export interface CatchAllPlace {
  readonly scandir: string;
  readonly logdir: string;
  /** This program. */
  readonly program: string;
}

/**
 * Makes the service and diverts our standard output and error into it.
 *
 * @throws {OverlayError} If its user is unknown. @throws {SyscallError} If a step fails.
 */
export function divertOutput(settings: OverlaySettings, { scandir, logdir, program }: CatchAllPlace): EngineOutput {
  const account = accountOf(settings.catchallUser);
  const servicedir = `${scandir}/${SPECIAL_LOGGER}`;
  makeLogdir(logdir, LOGDIR_MODE, account);
  for (const directory of [servicedir, `${servicedir}/data`]) checked(`create directory ${directory}`, mkdir(directory, 0o755));
  writeNew(`${servicedir}/notification-fd`, "3\n");
  writeNew(`${servicedir}/data/directives`, [...directivesOf(settings), logdir].map((word) => `${word}\n`).join(""));
  if (account !== undefined) writeNew(`${servicedir}/data/user`, `${settings.catchallUser}\n`);
  checked(`create link ${servicedir}/run`, symlink(program, `${servicedir}/run`));
  const fifo = `${servicedir}/fifo`;
  checked(`create FIFO ${fifo}`, mkfifo(fifo, 0o600));
  const keep = (fd: number): number => checked("keep the console", dupAbove(fd, FIRST_FREE_FD));
  const engine = { stdoutFd: keep(1), stderrFd: keep(2) };
  // Its reading end stays with us: whoever writes while the logger starts, or starts again, waits for it instead of dying of SIGPIPE.
  open(fifo, O_RDONLY | O_NONBLOCK);
  const logFd = open(fifo, O_WRONLY);
  for (const fd of [1, 2]) checked("redirect our output", dup2(logFd, fd));
  close(logFd);
  return engine;
}

/** What the service directory that this process is in asks for. @throws {SyscallError} If it can't be read. */
export function readOrders(): CatchAllOrders {
  const lines = (name: string): string[] =>
    decodePath(readSmallFile(`data/${name}`, MAX_FILE) ?? new Uint8Array(0)).split("\n").filter((line) => line !== "");
  return { directives: lines("directives"), user: lines("user")[0] };
}
