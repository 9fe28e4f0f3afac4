/**
 * A check by a program: it succeeds if the program exits 0. The program is the leader of a session
 * of its own, and what is left of its process group dies with it. Of its output, the end is kept.
 * A program that writes without an end is killed.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { SIGKILL, signalName } from "../core/linux/signals.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { startProgram } from "../launch/start_program.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { pipe, pipeBytes } from "../libc/fd.ts";
import { close, read, tryOpen } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import type { Reaper } from "../processes/reaper.ts";
import { isShortage } from "../scandir/core/begin_failures.ts";
import type { CheckOutcome } from "./core/health_machine.ts";
import { MAX_CHECK_OUTPUT } from "./core/health_record.ts";
import type { RunningCheck } from "./port.ts";

/** More output than any check has reason for. */
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;
/** What is read at once; all checks share it. */
const block = new Uint8Array(65_536);

const NOTHING = new Uint8Array(0);

export interface CommandCheckOptions {
  readonly poller: Poller;
  readonly reaper: Reaper;
  /** Relative to the directory that the process is in now, which the program inherits. */
  readonly path: string;
  readonly argv: readonly string[];
  /** Why the program could not be started, in one line. */
  spawnFailure(path: string, errno: number): string;
  onEnd(outcome: CheckOutcome): void;
  /** An unexpected exception; the check goes on. */
  onMishap(error: unknown): void;
}

export class CommandCheck implements RunningCheck {
  readonly #options: CommandCheckOptions;
  #pid = 0;
  #outputFd = -1;
  #outputBytes = 0;
  #output: Uint8Array = NOTHING;
  #isTooMuch = false;
  #onGone: (() => void) | undefined;

  constructor(options: CommandCheckOptions) {
    this.#options = options;
    const refusal = this.#start();
    if (refusal !== undefined) options.onEnd(refusal);
  }

  giveUp(onGone: () => void): void {
    this.#onGone = onGone;
    this.#closeOutput();
    if (this.#pid === 0) return onGone();
    kill(-this.#pid, SIGKILL);
  }

  #start(): CheckOutcome | undefined {
    const { path, argv, reaper, poller } = this.#options;
    let ends;
    try {
      ends = pipe();
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      return { kind: "unable", why: error.reason };
    }
    const nullFd = tryOpen("/dev/null", O_RDWR);
    let pid;
    try {
      pid = startProgram({
        path,
        argv,
        fds: [...(nullFd < 0 ? [] : [[0, nullFd] as const]), [1, ends.writeFd], [2, ends.writeFd]],
        newSession: true,
      });
    } finally {
      close(ends.writeFd);
      if (nullFd >= 0) close(nullFd);
    }
    if (pid < 0) {
      close(ends.readFd);
      const why = this.#options.spawnFailure(path, -pid);
      return { kind: isShortage(-pid) ? "unable" : "failure", why };
    }
    this.#pid = pid;
    reaper.own(pid, (wstat) => this.#died(wstat));
    this.#outputFd = ends.readFd;
    try {
      poller.watch(ends.readFd, () => this.#guard(() => this.#read()));
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#options.onMishap(error); // its end counts, without its output
      this.#closeOutput();
    }
    return undefined;
  }

  #guard(attempt: () => void): void {
    try {
      attempt();
    } catch (error) {
      this.#closeOutput();
      this.#options.onMishap(error);
    }
  }

  #read(): void {
    const count = read(this.#outputFd, block);
    if (count === -EAGAIN || count === -EINTR) return;
    if (count <= 0) return this.#closeOutput();
    this.#outputBytes += count;
    this.#keep(block.subarray(0, count));
    if (this.#outputBytes <= MAX_OUTPUT_BYTES) return;
    this.#isTooMuch = true;
    this.#closeOutput();
    kill(-this.#pid, SIGKILL);
  }

  /** Keeps the end of the output. */
  #keep(more: Uint8Array): void {
    const end = more.subarray(-MAX_CHECK_OUTPUT);
    const before = this.#output.subarray(
      Math.max(0, this.#output.length + end.length - MAX_CHECK_OUTPUT),
    );
    const output = new Uint8Array(before.length + end.length);
    output.set(before);
    output.set(end, before.length);
    this.#output = output;
  }

  #closeOutput(): void {
    if (this.#outputFd < 0) return;
    this.#options.poller.unwatch(this.#outputFd);
    close(this.#outputFd);
    this.#outputFd = -1;
  }

  #died(wstat: number): void {
    // the group can't have another leader yet: its number was freed in this very turn
    kill(-this.#pid, SIGKILL);
    this.#pid = 0;
    if (this.#onGone !== undefined) return this.#onGone();
    this.#guard(() => {
      if (this.#outputFd >= 0 && pipeBytes(this.#outputFd) > 0) this.#read();
    });
    this.#closeOutput();
    this.#options.onEnd(this.#outcome(wstat));
  }

  #outcome(wstat: number): CheckOutcome {
    const output = new TextDecoder().decode(this.#output).trim();
    const failure = (why: string): CheckOutcome => ({
      kind: "failure",
      why,
      ...(output === "" ? {} : { output }),
    });
    if (this.#isTooMuch) return failure("it writes without an end, and was killed");
    if (wifsignaled(wstat)) return failure(`killed by ${signalName(wtermsig(wstat))}`);
    const code = wexitstatus(wstat);
    return code === 0 ? { kind: "success" } : failure(`exit code ${code}`);
  }
}
