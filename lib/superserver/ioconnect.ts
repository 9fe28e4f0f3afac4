/**
 * Copying between two pairs of descriptors, both ways at once. Source: s6, doc/s6-ioconnect.html,
 * conn-tools/s6-ioconnect.c.
 */
import { EAGAIN, EINTR, EPERM } from "../core/linux/errno.ts";
import { O_NONBLOCK, O_RDWR } from "../core/linux/open_flags.ts";
import { startTimer } from "../fifodir/timer.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { Poller } from "../libc/epoll.ts";
import { dupAbove, setNonblocking, statusFlags } from "../libc/fd.ts";
import { close, open, read, write } from "../libc/file.ts";
import { replaceEverywhere } from "../libc/replace_descriptors.ts";
import { SHUT_RD, SHUT_WR, shutdown } from "../libc/socket/socket.ts";
import { fstat, isFifo, isSocket } from "../libc/stat.ts";

const BUFFER_BYTES = 1 << 16;
const STDERR = 2;
const FIRST_FREE_FD = 3;

export interface ConnectRequest {
  /** Two directions, by the numbers that we were started with. */
  readonly flows: readonly { readonly from: number; readonly to: number }[];
  /** It ends after so long without anything to copy. Infinity: never. */
  readonly timeoutMs: number;
  warn(text: string): void;
}

/** One of the four descriptors. Closing it tells the other side. */
class End {
  readonly number: number;
  readonly fd: number;
  readonly #isSocket: boolean;
  readonly #wasBlocking: boolean;
  #isOpen = true;

  /** @throws {SyscallError} If there is no such descriptor. */
  constructor(number: number) {
    this.number = number;
    this.#isSocket = isSocket(fstat(number).mode);
    // both directions may have the same number, which is watched once only
    this.fd = number < FIRST_FREE_FD
      ? number
      : checked(`copy descriptor ${number}`, dupAbove(number, FIRST_FREE_FD));
    this.#wasBlocking = (statusFlags(this.fd) & O_NONBLOCK) === 0;
    setNonblocking(this.fd, true);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  close(direction: number): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#isSocket) shutdown(this.fd, direction);
    // others may share the open file, and expect it as it was
    if (this.#wasBlocking) setNonblocking(this.fd, false);
    if (this.fd >= FIRST_FREE_FD) close(this.fd);
    else if (isPipeOfItsOwn(this.fd)) leave(this.fd);
  }
}

/** Is it a pipe, which has an end to be told, and is standard error not the same? */
function isPipeOfItsOwn(fd: number): boolean {
  const file = fstat(fd);
  const errors = fstat(STDERR);
  return isFifo(file.mode) && (file.ino !== errors.ino || file.dev !== errors.dev);
}

/** The runtime has copies of the standard descriptors. */
function leave(fd: number): void {
  const nothing = open("/dev/null", O_RDWR);
  replaceEverywhere(fd, nothing);
  close(nothing);
}

/** One direction. It reads when all that was read is written. */
class Flow {
  readonly from: End;
  readonly to: End;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #rest = this.#buffer.subarray(0, 0);

  constructor(from: End, to: End) {
    this.from = from;
    this.to = to;
  }

  get hasRest(): boolean {
    return this.#rest.length > 0;
  }

  /** Takes what is there. The bytes, 0 at the end, or `-errno`. */
  fill(): number {
    const count = read(this.from.fd, this.#buffer);
    if (count > 0) this.#rest = this.#buffer.subarray(0, count);
    return count;
  }

  /** Gives on what there is room for. 0 or more, or `-errno`. */
  flush(): number {
    const count = write(this.to.fd, this.#rest);
    if (count > 0) this.#rest = this.#rest.subarray(count);
    return count;
  }

  close(): void {
    this.from.close(SHUT_RD);
    this.to.close(SHUT_WR);
  }
}

export class Connector implements Disposable {
  readonly #flows: readonly Flow[];
  readonly #timeoutMs: number;
  readonly #warn: (text: string) => void;
  readonly #poller = new Poller();
  #patience: Disposable | undefined;
  #exitCode = 0;

  /** @throws {SyscallError} If a descriptor is not open. */
  constructor({ flows, timeoutMs, warn }: ConnectRequest) {
    this.#timeoutMs = timeoutMs;
    this.#warn = warn;
    this.#flows = flows.map(({ from, to }) => new Flow(new End(from), new End(to)));
    const originals = new Set(flows.flatMap(({ from, to }) => [from, to]));
    for (const fd of originals) if (fd >= FIRST_FREE_FD) close(fd);
  }

  /** Copies until both directions are at their end. Returns the exit code: 1 after the timeout. */
  async run(): Promise<number> {
    Deno.addSignalListener("SIGTERM", () => this.#finish());
    for (const flow of this.#flows) this.#next(flow);
    this.#wait();
    await this.#poller.run();
    return this.#exitCode;
  }

  /** Waits for what the direction needs. */
  #next(flow: Flow): void {
    const { from, to } = flow;
    this.#unwatch(flow);
    if (flow.hasRest) this.#watch(to, () => this.#write(flow), { writing: true });
    else if (from.isOpen) {
      this.#watch(from, () => this.#read(flow), {});
      this.#watch(to, () => this.#close(flow), { hangup: true });
    } else this.#close(flow);
  }

  /** What epoll does not take, a file, is always ready. */
  #watch(
    { fd }: End,
    onReady: () => void,
    options: { readonly writing?: boolean; readonly hangup?: boolean },
  ): void {
    try {
      this.#poller.watch(fd, onReady, options);
    } catch (error) {
      if (!(error instanceof SyscallError && error.errno === EPERM)) throw error;
      if (!options.hangup) setTimeout(onReady, 0);
    }
  }

  #unwatch({ from, to }: Flow): void {
    for (const end of [from, to]) if (end.isOpen) this.#poller.unwatch(end.fd);
  }

  #read(flow: Flow): void {
    if (flow.hasRest || !flow.from.isOpen) return;
    const count = flow.fill();
    if (isLater(count)) return this.#next(flow);
    if (count > 0) return this.#write(flow);
    if (count < 0) this.#tell("read from", flow.from, count);
    this.#close(flow);
  }

  #write(flow: Flow): void {
    if (!flow.to.isOpen) return;
    const count = flow.flush();
    this.#wait();
    if (count >= 0 || isLater(count)) return this.#next(flow);
    this.#tell("write to", flow.to, count);
    this.#close(flow);
  }

  #tell(what: string, { number }: End, result: number): void {
    this.#warn(new SyscallError(`${what} fd ${number}`, -result).message);
  }

  #close(flow: Flow): void {
    this.#unwatch(flow);
    flow.close();
    if (this.#flows.every(({ to }) => !to.isOpen)) this.#poller.stop();
  }

  /** Reads no more, and ends when what was read is written. */
  #finish(): void {
    for (const flow of this.#flows) {
      this.#unwatch(flow);
      flow.from.close(SHUT_RD);
      this.#next(flow);
    }
  }

  #wait(): void {
    this.#patience?.[Symbol.dispose]();
    if (this.#timeoutMs === Infinity) return;
    this.#patience = startTimer(this.#timeoutMs, () => {
      if (this.#flows.some(({ hasRest }) => hasRest)) return;
      this.#exitCode = 1;
      for (const flow of this.#flows) this.#close(flow);
      this.#poller.stop();
    });
  }

  [Symbol.dispose](): void {
    this.#patience?.[Symbol.dispose]();
    this.#poller[Symbol.dispose]();
  }
}

function isLater(result: number): boolean {
  return result === -EAGAIN || result === -EINTR;
}
