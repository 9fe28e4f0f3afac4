/**
 * The catch-all logger of S6_LOGGING: a service `s6-svscan-log` that stores the output of
 * everything that has no logger.
 *
 * It has a `logscript`, so a log host runs it. That needs no shell, works on a noexec mount, and is
 * the same host that serves all other logs of its user. Output goes to its FIFO from the first
 * moment, long before there is a reader. Source: s6-linux-init, s6-linux-init-maker.c,
 * s6_svscan_log_script; s6-overlay 3.2.3, stage0.
 */
import { CATCHALL_LOGGER } from "../scandir/core/svscan_names.ts";
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import type { OverlaySettings } from "./core/overlay_settings.ts";
import { variableWords } from "./core/overlay_settings.ts";
import { quoteForExecline } from "../core/shell/quoting.ts";
import type { UserAccount } from "../core/accounts/account_files.ts";
import { writeNew } from "../files/new_file.ts";
import { checked } from "../libc/bind.ts";
import { dup2, dupAbove, setNonblocking } from "../libc/fd.ts";
import { O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, mkdir, mkfifo } from "../libc/file.ts";
import { geteuid } from "../libc/process.ts";
import { openFifo } from "../libc/wary_open.ts";
import { makeLogdir } from "../scandir/catchall.ts";
import { findUser } from "../servicedir/accounts.ts";
import { LOGSCRIPT } from "../servicedir/hosted_log.ts";
import { OverlayError } from "./overlay_error.ts";

const LOGDIR_MODE = 0o2750;
const FIRST_FREE_FD = 10;
/** The user for whom no change of user is needed. */
const ROOT = "root";

/** The container's standard output and error, before they were diverted. */
export interface EngineOutput {
  readonly stdoutFd: number;
  readonly stderrFd: number;
}

/** Options of s6-log. As in C, it ignores SIGTERM and reads nothing while the disk is full. */
const OPTIONS = ["-b", "-p", "--"];

/** The directives of S6_LOGGING_SCRIPT that stamp lines, and the console if S6_LOGGING is 1. */
function directivesOf({ logging, loggingScript }: OverlaySettings): string[] {
  const words = variableWords(loggingScript);
  return [...(logging === 1 ? ["1"] : []), ...["t", "T"].filter((stamp) => words.includes(stamp))];
}

function accountOf(user: string): UserAccount | undefined {
  if (user === ROOT || geteuid() !== 0) return undefined;
  const account = findUser(user);
  if (account !== undefined) return account;
  throw new OverlayError(
    EXIT_USAGE,
    `S6_CATCHALL_USER is ${user}, who is not in /etc/passwd: add that user to the image`,
  );
}

export interface CatchAllPaths {
  readonly scandir: string;
  readonly logdir: string;
}

/**
 * Makes the service and diverts our standard output and error into it.
 *
 * @throws {OverlayError} If its user is unknown. @throws {SyscallError} If a step fails.
 */
export function divertOutput(
  settings: OverlaySettings,
  { scandir, logdir }: CatchAllPaths,
): EngineOutput {
  const account = accountOf(settings.catchallUser);
  const servicedir = `${scandir}/${CATCHALL_LOGGER}`;
  makeLogdir(logdir, LOGDIR_MODE, account);
  checked(`create directory ${servicedir}`, mkdir(servicedir, 0o755));
  writeNew(`${servicedir}/notification-fd`, "3\n");
  const user = account === undefined ? [] : [`user:${settings.catchallUser}`];
  const words = [...user, ...OPTIONS, ...directivesOf(settings), logdir];
  writeNew(`${servicedir}/${LOGSCRIPT}`, `${words.map(quoteForExecline).join(" ")}\n`);
  const fifo = `${servicedir}/fifo`;
  checked(`create FIFO ${fifo}`, mkfifo(fifo, 0o600));
  const keep = (fd: number): number => checked("keep the console", dupAbove(fd, FIRST_FREE_FD));
  const engine = { stdoutFd: keep(1), stderrFd: keep(2) };
  // We keep a reading end open. So a program that writes while the logger starts or restarts waits
  // for it, and does not die of SIGPIPE.
  openFifo(fifo, O_RDONLY);
  const logFd = openFifo(fifo, O_WRONLY);
  checked(`make ${fifo} blocking`, setNonblocking(logFd, false));
  for (const fd of [1, 2]) checked("redirect our output", dup2(logFd, fd));
  close(logFd);
  return engine;
}
