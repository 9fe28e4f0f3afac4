/**
 * Watching a daemon that puts itself into the background: its starter is a child of ours, the daemon becomes one when the starter ends, since we
 * are the reaper of orphans. Which process it is stands in its pidfile.
 * Source: s6, doc/s6-background-watch.html, supervision/s6-background-watch.c.
 */
import { firstLine, parseUint } from "../core/config_file.ts";
import { EINVAL, ESRCH } from "../core/errno.ts";
import { SIGKILL, SIGNALS } from "../core/signals.ts";
import { exitStatusOf, wexitstatus, wifexited, wtermsig } from "../core/wstat.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { readSmallFile, unlink } from "../libc/file.ts";
import { kill, setChildSubreaper, waitAny } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";

const NULL_SIGNAL = 0;
const PIDFILE_SIZE = 128;
/** What nobody can listen to, or what tells of a fault of our own. */
const KEPT: ReadonlySet<string> = new Set([
  "SIGKILL",
  "SIGSTOP",
  "SIGILL",
  "SIGFPE",
  "SIGSEGV",
  "SIGBUS",
  "SIGTRAP",
  "SIGSYS",
  "SIGCHLD",
  "SIGPIPE",
  "SIGSTKFLT",
  "SIGPOLL",
]);

/** The daemon was not started, or can't be told from other processes. */
export class BackgroundError extends Error {
  override readonly name = "BackgroundError";
  /** The exit code owed. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const EXIT_NO_PID = 104;

export interface BackgroundRequest {
  readonly pidfile: string;
  readonly argv: readonly string[];
  /** How long the starter may take; undefined: as long as it likes. */
  readonly timeoutMs: number | undefined;
  warn(text: string): void;
  /** The starter has ended well, and the daemon is known. */
  onReady(): void;
}

/** The dead, by pid, until somebody asks; and who wants to hear of the next one. */
class Deaths {
  readonly #known = new Map<number, number>();
  #waiter: (() => void) | undefined;

  reap(): void {
    for (let dead = waitAny(); dead !== undefined; dead = waitAny()) this.#known.set(dead.pid, dead.wstat);
    this.#waiter?.();
  }

  /** The wait status of `pid`, when it has died. */
  async of(pid: number): Promise<number> {
    for (;;) {
      const wstat = this.#known.get(pid);
      if (wstat !== undefined) return wstat;
      await new Promise<void>((resolve) => this.#waiter = resolve);
    }
  }

  has(pid: number): boolean {
    return this.#known.has(pid);
  }
}

function parentOf(pid: number): number | undefined {
  const stat = readSmallFile(`/proc/${pid}/stat`, 4096);
  if (stat === undefined) return undefined;
  const text = new TextDecoder().decode(stat);
  return parseUint(text.slice(text.lastIndexOf(")") + 2).split(" ")[1] ?? "");
}

function pidIn(pidfile: string, program: string): number {
  const content = readSmallFile(pidfile, PIDFILE_SIZE);
  if (content === undefined) {
    throw new BackgroundError(EXIT_NO_PID, `unable to find the daemon: ${program} (parent) exited but pidfile ${pidfile} does not exist`);
  }
  const pid = parseUint(firstLine(content).trim());
  if (pid === undefined || pid === 0) throw new BackgroundError(EXIT_NO_PID, `pidfile ${pidfile} does not contain a valid pid`);
  return pid;
}

function checkStarter(wstat: number, { argv, pidfile }: BackgroundRequest): void {
  if (wifexited(wstat) && wexitstatus(wstat) === 0) return;
  unlink(pidfile);
  const how = wifexited(wstat) ? `exited ${wexitstatus(wstat)}` : `crashed with signal ${wtermsig(wstat)}`;
  throw new BackgroundError(exitStatusOf(wstat), `${argv[0]} (parent) ${how}`);
}

/** Only a child's death is told to us. @throws {SyscallError} If the daemon is none, or gone and nobody knows of what. */
function checkDaemon(pid: number, deaths: Deaths): void {
  if (deaths.has(pid)) return;
  if (kill(pid, NULL_SIGNAL) === -ESRCH) throw new SyscallError("check daemon with a null signal", ESRCH);
  if (parentOf(pid) !== Deno.pid) {
    throw new SyscallError(`watch process ${pid}`, EINVAL, "it is not a process that the program has started");
  }
}

/**
 * Starts the program, waits until it has gone into the background, hands signals on, and waits for the daemon's end. Returns its exit code,
 * 128 and the signal's number after a death by signal.
 *
 * @throws {BackgroundError} If the starter fails or the pidfile is of no use.
 * @throws {SyscallError} If the program can't be started, or the daemon can't be watched.
 */
export async function watchBackground(request: BackgroundRequest): Promise<number> {
  const { argv, pidfile, timeoutMs, warn } = request;
  const program = argv[0]!;
  const deaths = new Deaths();
  let target = 0;
  const pending: number[] = [];
  const pass = (signal: number): void => void (target === 0 ? pending.push(signal) : kill(target, signal));
  setChildSubreaper();
  Deno.addSignalListener("SIGCHLD", () => deaths.reap());
  for (const [name, number] of Object.entries(SIGNALS)) {
    if (!KEPT.has(name)) Deno.addSignalListener(name as Deno.Signal, () => pass(number));
  }
  const starter = checked(`spawn ${program}`, spawn({ path: program, argv, searchPath: true }));
  target = starter;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => {
    warn(`${program} (parent) did not exit before timeout-ready, killing it`);
    kill(starter, SIGKILL);
  }, timeoutMs);
  deaths.reap(); // it may have ended before the listener was there
  const starterEnd = await deaths.of(starter);
  clearTimeout(timer);
  target = 0;
  checkStarter(starterEnd, request);
  const pid = pidIn(pidfile, program);
  checkDaemon(pid, deaths);
  target = pid;
  for (const signal of pending.splice(0)) pass(signal);
  request.onReady();
  return exitStatusOf(await deaths.of(pid));
}
