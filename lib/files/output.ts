/**
 * Writing to descriptors that were inherited: all of it, however little room there is, and with
 * what a filter owes when nobody reads.
 *
 * A C program that writes into a pipe without reader dies of SIGPIPE. The runtime ignores that
 * signal, so the write fails instead, and the command ends with a BrokenPipe; who runs the command
 * sees to it that its parent sees that death.
 */
import { EAGAIN, EINTR, EPIPE } from "../core/linux/errno.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { poll, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";

const FOREVER = -1;
const BUFFER_BYTES = 1 << 16;
const STANDARD_OUTPUT = "write to standard output";

/** Nobody reads what was to be written: the command is to end as by SIGPIPE. */
export class BrokenPipe extends SyscallError {
  constructor(action: string) {
    super(action, EPIPE);
  }
}

/**
 * Writes all of `bytes`. Waits for room, also where somebody has made the descriptor non-blocking.
 *
 * @throws {BrokenPipe} If it is a pipe that nobody reads.
 * @throws {SyscallError} If the write fails otherwise: no space, no descriptor.
 */
export function writeFully(
  fd: number,
  bytes: Uint8Array<ArrayBuffer>,
  action = STANDARD_OUTPUT,
): void {
  for (let rest = bytes; rest.length > 0;) {
    const count = write(fd, rest);
    if (count === -EPIPE) throw new BrokenPipe(action);
    if (count === -EAGAIN) poll([{ fd, events: POLLOUT }], FOREVER);
    else if (count !== -EINTR) rest = rest.subarray(checked(action, count));
  }
}

/**
 * Collects small pieces, so that they go out in few writes. What is put is gone only after `flush`.
 */
export class Output {
  readonly #fd: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #length = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** Takes a copy. @throws {BrokenPipe | SyscallError} As `writeFully`. */
  put(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > BUFFER_BYTES - this.#length) this.flush();
    if (bytes.length > BUFFER_BYTES) return writeFully(this.#fd, bytes);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** @throws {BrokenPipe | SyscallError} As `writeFully`. */
  putByte(byte: number): void {
    if (this.#length === BUFFER_BYTES) this.flush();
    this.#buffer[this.#length++] = byte;
  }

  /** Writes what was put. @throws {BrokenPipe | SyscallError} As `writeFully`. */
  flush(): void {
    const length = this.#length;
    this.#length = 0;
    writeFully(this.#fd, this.#buffer.subarray(0, length));
  }
}
