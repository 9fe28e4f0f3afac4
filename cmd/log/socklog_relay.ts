/**
 * The work of s6-socklog: datagrams come in, lines go out to standard output, and between them is a
 * buffer of fixed size. While it is full nothing is received, and the kernel makes senders wait.
 * Standard output is never waited for: it gets what it has room for.
 */
import { EAGAIN, EINTR } from "../../lib/core/linux/errno.ts";
import { formatIp } from "../../lib/core/linux/ip_address.ts";
import {
  DATAGRAM_LINE_EXTRA,
  type DatagramForm,
  writeDatagramLine,
} from "../../lib/logdir/core/syslog_datagram.ts";
import { checked } from "../../lib/libc/bind.ts";
import { lastSender, receiveDatagram } from "../../lib/libc/socket/datagram.ts";
import type { Poller } from "../../lib/libc/epoll.ts";
import { poll, POLLOUT } from "../../lib/libc/fd.ts";
import { write } from "../../lib/libc/file.ts";

const STDOUT = 1;
/** What a pipe takes without blocking when poll says that it has room. */
const PIPE_BUF = 4096;
const MIN_BUFFER_BYTES = 1 << 16;

export interface RelayOptions {
  readonly poller: Poller;
  readonly socketFd: number;
  /** Begin each line with the sender's address. */
  readonly showSender: boolean;
  readonly form: DatagramForm;
}

export class SocklogRelay {
  readonly #options: RelayOptions;
  readonly #buffer: Uint8Array<ArrayBuffer>;
  /** One byte more than a line may have, to tell that there was more. */
  readonly #datagram: Uint8Array<ArrayBuffer>;
  readonly #lineBytes: number;
  #length = 0;
  #receiving = false;
  #writing = false;
  #stopped = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#datagram = new Uint8Array(options.form.maxBytes + 1);
    this.#lineBytes = options.form.maxBytes + DATAGRAM_LINE_EXTRA;
    this.#buffer = new Uint8Array(Math.max(MIN_BUFFER_BYTES, 4 * this.#lineBytes));
  }

  start(): void {
    this.#update();
  }

  /** Receives nothing more; ends the poller's run when all has been written. */
  stop(): void {
    this.#stopped = true;
    this.#update();
  }

  #hasRoom(): boolean {
    return this.#buffer.length - this.#length >= this.#lineBytes;
  }

  /** @throws {SyscallError} If the socket can't be read. */
  #receive(): void {
    while (!this.#stopped && this.#hasRoom()) {
      const count = receiveDatagram(this.#options.socketFd, this.#datagram);
      if (count === -EAGAIN) break;
      if (checked("receive from socket", count) > 0) {
        this.#append(this.#datagram.subarray(0, count));
      }
    }
    this.#flush();
  }

  #append(datagram: Uint8Array): void {
    const { showSender, form } = this.#options;
    this.#length += writeDatagramLine(
      datagram,
      showSender ? senderHead() : "",
      form,
      this.#buffer.subarray(this.#length),
    );
  }

  /** @throws {SyscallError} If standard output can't be written. */
  #flush(): void {
    let done = 0;
    while (done < this.#length && poll([{ fd: STDOUT, events: POLLOUT }], 0)[0] !== 0) {
      const count = write(
        STDOUT,
        this.#buffer.subarray(done, Math.min(done + PIPE_BUF, this.#length)),
      );
      if (count === -EAGAIN || count === -EINTR) break;
      done += checked("write to stdout", count);
    }
    this.#buffer.copyWithin(0, done, this.#length);
    this.#length -= done;
    this.#update();
  }

  /** Waits for what can happen next. */
  #update(): void {
    const { poller, socketFd } = this.#options;
    const receiving = !this.#stopped && this.#hasRoom();
    if (receiving !== this.#receiving) {
      this.#receiving = receiving;
      if (receiving) poller.watch(socketFd, () => this.#receive());
      else poller.unwatch(socketFd);
    }
    const writing = this.#length > 0;
    if (writing !== this.#writing) {
      this.#writing = writing;
      if (writing) poller.watch(STDOUT, () => this.#flush(), { writing: true });
      else poller.unwatch(STDOUT);
    }
    if (this.#stopped && !writing) poller.stop();
  }
}

function senderHead(): string {
  const { ip, port } = lastSender();
  return `${formatIp(ip)}_${port}: `;
}
