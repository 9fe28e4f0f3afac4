/**
 * The engine's processes, several at once, with their output line by line. Each leads a session of
 * its own: Ctrl-C on our terminal is ours, and we end them.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { O_RDONLY } from "../core/linux/open_flags.ts";
import { exitStatusOf } from "../core/linux/wstat.ts";
import type { Poller } from "../libc/epoll.ts";
import { pipe, setNonblocking } from "../libc/fd.ts";
import { close, open, read } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import { ChildWatch } from "../processes/child_watch.ts";
import { unableToRun } from "./capture.ts";
import type { RunningCommand, RunPort } from "./image_run.ts";

const LF = 10;
/** A line that is longer is told in pieces. */
const LONGEST_LINE = 65_536;
const block = new Uint8Array(65_536);

export class EngineProcesses implements RunPort {
  readonly #poller: Poller;
  readonly #directory: string;

  /** @param directory Where the commands run */
  constructor(poller: Poller, directory: string) {
    this.#poller = poller;
    this.#directory = directory;
  }

  nowMs(): number {
    return performance.now();
  }

  /** @throws {ImageFailure} If the program can't be run. */
  start(words: readonly string[], onLine: (line: Uint8Array) => void): RunningCommand {
    const { readFd, writeFd } = pipe();
    const nullFd = open("/dev/null", O_RDONLY);
    const pid = spawn({
      path: words[0]!,
      argv: words,
      searchPath: true,
      directory: this.#directory,
      fds: [[0, nullFd], [1, writeFd], [2, writeFd]],
      newSession: true,
    });
    close(nullFd);
    close(writeFd);
    if (pid < 0) {
      close(readFd);
      throw unableToRun(words[0]!, -pid);
    }
    const output = new ProcessOutput(readFd, this.#poller, onLine);
    const watch = new ChildWatch(pid);
    return {
      ended: watch.death.then((wstat) => {
        output.finish();
        return exitStatusOf(wstat);
      }),
      signal: (signal) => {
        // until it is collected, the number is its own
        if (!watch.isDead()) kill(-pid, signal);
      },
    };
  }
}

class ProcessOutput {
  readonly #fd: number;
  readonly #poller: Poller;
  readonly #onLine: (line: Uint8Array) => void;
  #part = new Uint8Array(0);
  #isOpen = true;

  constructor(fd: number, poller: Poller, onLine: (line: Uint8Array) => void) {
    this.#fd = fd;
    this.#poller = poller;
    this.#onLine = onLine;
    setNonblocking(fd, true);
    poller.watch(fd, () => this.#readSome());
  }

  /** The program has ended: what others that hold the pipe still write is not waited for. */
  finish(): void {
    while (this.#isOpen && this.#readSome());
    if (this.#isOpen) this.#close();
  }

  /** Whether there may be more at once. */
  #readSome(): boolean {
    const count = read(this.#fd, block);
    if (count === -EINTR) return true;
    if (count === -EAGAIN) return false;
    if (count <= 0) this.#close();
    else this.#take(block.subarray(0, count));
    return count > 0;
  }

  #take(bytes: Uint8Array): void {
    let rest = bytes;
    for (let end = rest.indexOf(LF); end >= 0; end = rest.indexOf(LF)) {
      this.#tell(rest.subarray(0, end));
      rest = rest.subarray(end + 1);
    }
    const part = new Uint8Array(this.#part.length + rest.length);
    part.set(this.#part);
    part.set(rest, this.#part.length);
    this.#part = part;
    if (part.length > LONGEST_LINE) this.#tell(new Uint8Array(0));
  }

  /** The line that ends with this. */
  #tell(end: Uint8Array): void {
    const line = new Uint8Array(this.#part.length + end.length);
    line.set(this.#part);
    line.set(end, this.#part.length);
    this.#part = new Uint8Array(0);
    this.#onLine(line);
  }

  #close(): void {
    this.#isOpen = false;
    this.#poller.unwatch(this.#fd);
    close(this.#fd);
    if (this.#part.length > 0) this.#tell(new Uint8Array(0));
  }
}
