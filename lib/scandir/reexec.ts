/**
 * `hexad reexec`: the process becomes the program that now stands at its path, and its children
 * stay its children. The new program is asked first whether it can go on with what runs, as a
 * child with a limited time; then everything that it needs is written into a sealed memfd, and
 * exec. If anything fails until then, nothing has happened, and everything goes on as before.
 */
import { strerror } from "../core/linux/errno.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { SIGKILL } from "../core/linux/signals.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { startTimer } from "../fifodir/timer.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { monotonicMs, monotonicOriginMs } from "../libc/clock.ts";
import { execSuccessor } from "../libc/exec.ts";
import { memfdCreate, pipe, seal, setNonblocking } from "../libc/fd.ts";
import { close, fchdir, open, read, writeAll } from "../libc/file.ts";
import type { LogHosts } from "../loghost/hosts.ts";
import { kill } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import type { Reaper } from "../processes/reaper.ts";
import { versionThatCanAdopt } from "./core/can_adopt.ts";
import { descriptorsOf, encodeHandover, type Handover, HANDOVER_FORM } from "./core/handover.ts";
import type { SupervisorCommand } from "./distant_supervisor.ts";
import { recordReexec } from "./reexec_record.ts";
import type { Scandir } from "./scandir.ts";
import type { ScandirControl } from "./system.ts";

/** How long the new program may take to say whether it can go on. */
const ANSWER_MS = 10_000;
const MAX_ANSWER = 256;

/** The program that now stands at our path. */
export interface Successor {
  /** The version that runs now. */
  readonly version: string;
  /** How it is asked whether it can go on with a state of that form. */
  asking(form: number): SupervisorCommand;
  /** How it is to go on. @param stateFd The memfd */
  goingOn(stateFd: number): SupervisorCommand;
}

export interface ReexecOptions {
  /** Absent: this process can't be replaced, because more than services depends on it. */
  readonly successor: Successor | undefined;
  readonly scandir: Scandir;
  readonly control: ScandirControl;
  readonly reaper: Reaper;
  readonly logHosting: LogHosts;
  readonly consoleFd: number | undefined;
  /** Why it can't be now, in words: what runs here and can't be handed over. */
  obstacle(): string | undefined;
  warn(text: string): void;
}

export class Reexec {
  readonly #options: ReexecOptions;
  #isAsking = false;

  constructor(options: ReexecOptions) {
    this.#options = options;
  }

  /** Asks the new program, and becomes it. */
  begin(): void {
    if (this.#isAsking) return; // whoever waits for the other one gets its answer too
    this.#isAsking = true;
    this.#trying(() => {
      const { successor } = this.#options;
      const obstacle = this.#options.obstacle();
      if (obstacle !== undefined) this.#refuse(obstacle);
      else if (successor === undefined) {
        this.#refuse("only s6-svscan can be replaced while it runs, and this is another program");
      } else this.#ask(successor);
    });
  }

  /** Does what may fail without anything having happened. */
  #trying(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#refuse(error instanceof SyscallError ? error.message : String(error));
    }
  }

  #refuse(reason: string): void {
    this.#isAsking = false;
    const { control, warn } = this.#options;
    warn(`unable to re-execute: ${reason} (going on as before)`);
    try {
      fchdir(control.dirFd);
      recordReexec({ refused: reason });
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      warn(error.message);
    }
  }

  #ask(successor: Successor): void {
    const { reaper } = this.#options;
    const { path, argv } = successor.asking(HANDOVER_FORM);
    const { readFd, writeFd } = pipe();
    const nullFd = open("/dev/null", O_RDWR);
    const fds = [[0, nullFd], [1, writeFd], [2, nullFd]] as const;
    const pid = spawn({ path, argv, fds, newSession: true, oomScore: "ours" });
    close(nullFd);
    close(writeFd);
    if (pid < 0) {
      close(readFd);
      return this.#refuse(`unable to run ${path}: ${strerror(-pid)}`);
    }
    let isLate = false;
    const timer = startTimer(ANSWER_MS, () => {
      isLate = true;
      kill(pid, SIGKILL);
    });
    reaper.own(pid, (wstat) => {
      timer[Symbol.dispose]();
      const answer = readAnswer(readFd);
      close(readFd);
      const version = versionThatCanAdopt(answer, HANDOVER_FORM);
      if (isLate) {
        this.#refuse(`${path} does not say within ${ANSWER_MS / 1000} s whether it can go on`);
      } else if (version !== undefined && wstat === 0) this.#trying(() => this.#jump(successor));
      else this.#refuse(`${path} can't go on with what runs here (${endOf(wstat)})`);
    });
  }

  #jump(successor: Successor): void {
    const { scandir, control, consoleFd } = this.#options;
    const atMs = monotonicMs();
    const obstacle = this.#options.obstacle();
    const logHosts = this.#options.logHosting.handOver();
    const held = obstacle ?? (typeof logHosts === "string" ? logHosts : scandir.handOver());
    let stateFd = -1;
    try {
      if (typeof held === "string") return this.#refuse(held);
      if (typeof logHosts === "string") return;
      const { dirFd, lockFd, controlFd, entrance } = control;
      const handover: Handover = {
        ...held,
        logHosts,
        from: successor.version,
        originMs: monotonicOriginMs(),
        atMs,
        dirFd,
        lockFd,
        controlFd,
        ...(typeof entrance === "number" ? { entrance } : {}),
      };
      stateFd = sealedState(handover);
      const kept = [...descriptorsOf(handover), stateFd];
      if (consoleFd !== undefined) kept.push(consoleFd);
      const { path, argv } = successor.goingOn(stateFd);
      fchdir(dirFd);
      const failure = execSuccessor({ path, argv, kept });
      this.#refuse(`unable to execute ${path}: ${strerror(-failure)}`);
    } finally {
      if (stateFd >= 0) close(stateFd);
      for (const { supervisor } of scandir.services) supervisor?.keep();
    }
  }
}

function readAnswer(fd: number): string {
  setNonblocking(fd, true); // who has inherited the other end may live on
  const bytes = new Uint8Array(MAX_ANSWER);
  return new TextDecoder().decode(bytes.subarray(0, Math.max(0, read(fd, bytes))));
}

function endOf(wstat: number): string {
  return wifsignaled(wstat) ? `killed by signal ${wtermsig(wstat)}` : `exit ${wexitstatus(wstat)}`;
}

/** @throws {SyscallError} If there is no memory or descriptor for it. */
function sealedState(handover: Handover): number {
  const fd = checked("create a file in memory", memfdCreate("hexad-state"));
  try {
    writeAll(fd, encodeHandover(handover), "write the state");
    checked("seal the state", seal(fd));
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}
