/**
 * What s6-sudod does for its one client: a program, until it ends or the client is gone. Source:
 * s6, doc/s6-sudod.html, conn-tools/s6-sudod.c.
 */
import { EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EINVAL } from "../core/linux/errno.ts";
import { O_RDONLY, O_WRONLY } from "../core/linux/open_flags.ts";
import { SIGCONT, SIGTERM } from "../core/linux/signals.ts";
import { LinkFailure } from "../execline/link_failure.ts";
import { SyscallError } from "../libc/bind.ts";
import { monotonicMs } from "../libc/clock.ts";
import { Poller } from "../libc/epoll.ts";
import { dupAbove } from "../libc/fd.ts";
import { close, open, write, writeAll } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import { Reaper } from "../processes/reaper.ts";
import { Conversation } from "../unixmessage/conversation.ts";
import type { Message } from "../unixmessage/core/frames.ts";
import {
  MOST_REQUEST_BYTES,
  parseSudoRequest,
  SERVER_BANNER,
  sudoEnvironment,
} from "./core/sudo_protocol.ts";

const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
const FIRST_FREE_FD = 3;
const EXIT_CLIENT_GONE = 1;

export interface SudoOptions {
  /** Which of the client's standard descriptors the program does not get. */
  readonly withoutFds: ReadonlySet<number>;
  /** The program goes on without its client. */
  readonly detached: boolean;
  readonly timeoutMs: number;
  readonly args: readonly string[];
  readonly env: ReadonlyMap<string, string>;
}

/**
 * Serves the client on standard input and output. Returns the exit code.
 *
 * @throws {SyscallError | LinkFailure} If what the client sends is wrong or late, or its program
 *   can't be started.
 */
export async function serveSudo(options: SudoOptions): Promise<number> {
  writeAll(STDOUT, SERVER_BANNER, "write banner to client");
  const message = receiveRequest(monotonicMs() + options.timeoutMs);
  using poller = new Poller();
  const reaper = new Reaper(poller.portions);
  const pid = startProgram(message, options);
  let exitCode = 0;
  let isClientGone = false;
  reaper.own(pid, (wstat) => {
    poller.stop();
    if (!isClientGone) tellStatus(wstat);
  });
  const clientFd = dupAbove(STDIN, FIRST_FREE_FD);
  poller.watch(clientFd, () => {
    poller.unwatch(clientFd);
    isClientGone = true;
    if (options.detached) return;
    kill(pid, SIGTERM);
    kill(pid, SIGCONT);
    exitCode = EXIT_CLIENT_GONE;
    poller.stop();
  }, { hangup: true });
  Deno.addSignalListener("SIGCHLD", () => reaper.reap());
  writeAll(STDOUT, Uint8Array.of(0), "send confirmation to client");
  reaper.reap(); // it may have ended before anybody listened
  await poller.run();
  return exitCode;
}

function receiveRequest(deadlineMs: number): Message {
  const fd = dupAbove(STDIN, FIRST_FREE_FD);
  using conversation = new Conversation(fd, deadlineMs, MOST_REQUEST_BYTES);
  const message = conversation.receive();
  if (typeof message === "number") throw new SyscallError("read message from client", -message);
  if (message.fds.length !== 3) throw new LinkFailure(EXIT_USAGE, "client did not send 3 fds");
  return message;
}

/** Returns the pid. The client is told why there is none. */
function startProgram({ content, fds }: Message, options: SudoOptions): number {
  const request = parseSudoRequest(content);
  if (typeof request === "string") {
    answer(EINVAL);
    throw new LinkFailure(EXIT_USAGE, request);
  }
  const argv = [...options.args, ...request.args];
  if (argv.length === 0) {
    answer(EINVAL);
    throw new LinkFailure(EXIT_USAGE, "client and server args both empty");
  }
  const env = sudoEnvironment(options.env, request.env);
  const result = spawn({
    path: argv[0]!,
    searchPath: true,
    argv,
    env: Array.from(env, ([name, value]) => `${name}=${value}`),
    fds: fds.map((fd, number) => [number, given(fd, number, options)]),
  });
  fds.forEach(close);
  if (result < 0) {
    answer(-result);
    throw new SyscallError(`spawn ${argv[0]}`, -result);
  }
  return result;
}

/** What the program gets under the number: the client's descriptor, or one of ours. */
function given(fd: number, number: number, { withoutFds }: SudoOptions): number {
  if (!withoutFds.has(number)) return fd;
  return number === STDERR ? STDERR : open("/dev/null", number === STDIN ? O_RDONLY : O_WRONLY);
}

function answer(errno: number): void {
  writeAll(STDOUT, Uint8Array.of(errno), "write to client");
}

/** A client that is gone at this very moment has nobody to tell it to. */
function tellStatus(wstat: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, wstat);
  write(STDOUT, bytes);
}
