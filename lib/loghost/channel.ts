/**
 * One end of the socket between s6-svscan and a log host. Sending never blocks: a packet for which
 * there is no room waits in a queue, in order.
 */
import { EAGAIN, EINTR, ETOOMANYREFS } from "../core/linux/errno.ts";
import { MAX_PACKET } from "./core/log_host_protocol.ts";
import { startTimer } from "../fifodir/timer.ts";
import type { Poller } from "../libc/epoll.ts";
import { dupAbove } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { receivePacket, sendPacket } from "../libc/socket/packet.ts";

/** Packets read in one turn. Other events are handled between turns. */
const PACKETS_AT_ONCE = 64;
/** The time until the next try after the kernel had too many descriptors in flight. */
const CROWDED_MS = 20;
/** The time until the next try after an unexpected exception. */
const RETRY_MS = 100;

const buffer = new Uint8Array(MAX_PACKET);

export interface ChannelEvents {
  /**
   * @param packet Valid during the call. @param fds Ours from now on. @param truncated Part of it
   *   did not arrive.
   */
  onPacket(packet: Uint8Array<ArrayBuffer>, fds: readonly number[], truncated: boolean): void;
  /** What had to wait has been sent. */
  onRoom?(): void;
  /** The peer has gone, or the socket is no longer usable. Called once. */
  onEnd(): void;
}

interface Unsent {
  readonly packet: Uint8Array<ArrayBuffer>;
  readonly fds: readonly number[];
  /** The log that it is about. */
  readonly about: number;
  /** The descriptors are the peer's from now on. */
  readonly isGift: boolean;
}

function done({ fds, isGift }: Unsent): void {
  if (isGift) fds.forEach(close);
}

export class Channel {
  readonly #fd: number;
  readonly #poller: Pick<Poller, "watch" | "unwatch">;
  readonly #events: ChannelEvents;
  #unsent: Unsent[] = [];
  /**
   * A copy of the socket that is watched for room, because each descriptor is watched for one thing
   * only.
   */
  #writeFd = -1;
  #isHeard = true;
  #ended = false;
  #closed = false;

  /** Starts listening. @throws {SyscallError} If it can't. */
  constructor(fd: number, poller: Pick<Poller, "watch" | "unwatch">, events: ChannelEvents) {
    this.#fd = fd;
    this.#poller = poller;
    this.#events = events;
    poller.watch(fd, () => this.#read(PACKETS_AT_ONCE));
  }

  /** How many packets wait to be sent. */
  get unsentCount(): number {
    return this.#unsent.length;
  }

  /** @param isGift Close the descriptors when they are sent, or can't be */
  send(
    packet: Uint8Array<ArrayBuffer>,
    fds: readonly number[],
    about: number,
    isGift = false,
  ): void {
    const unsent = { packet, fds, about, isGift };
    if (this.#ended || !this.#isHeard) return done(unsent);
    this.#unsent.push(unsent);
    if (this.#unsent.length === 1) this.#flush();
  }

  /** Drops unsent packets about a log. */
  unsend(about: number): void {
    this.#unsent = this.#unsent.filter((unsent) => unsent.about !== about);
  }

  /** Exceptions go to the caller. What could not be sent is tried again. */
  #flush(): void {
    try {
      this.#sendSome();
    } catch (error) {
      this.#flushLater(RETRY_MS);
      throw error;
    }
  }

  #flushLater(delayMs: number): void {
    startTimer(delayMs, () => this.#ended || this.#flush());
  }

  #sendSome(): void {
    while (this.#unsent.length > 0) {
      const { packet, fds } = this.#unsent[0]!;
      const result = sendPacket(this.#fd, packet, fds);
      if (result === -EAGAIN) return this.#watchRoom(true);
      if (result === -ETOOMANYREFS) {
        this.#flushLater(CROWDED_MS);
        break;
      }
      if (result < 0 && result !== -EINTR) return this.#giveUpSending();
      if (result === 0) done(this.#unsent.shift()!);
    }
    const hasWaited = this.#writeFd >= 0;
    this.#watchRoom(false);
    if (hasWaited && this.#unsent.length === 0) this.#events.onRoom?.();
  }

  /** The peer has gone. What it has sent before is still to be read, and then comes the end. */
  #giveUpSending(): void {
    this.#isHeard = false;
    this.#watchRoom(false);
    this.#unsent.forEach(done);
    this.#unsent = [];
  }

  #watchRoom(wanted: boolean): void {
    if (wanted === this.#writeFd >= 0) return;
    if (wanted) {
      const copy = dupAbove(this.#fd, 0);
      if (copy < 0) {
        this.#flushLater(CROWDED_MS);
        return;
      }
      try {
        this.#poller.watch(copy, () => this.#flush(), { writing: true });
      } catch (error) {
        close(copy);
        throw error;
      }
      this.#writeFd = copy;
    } else {
      this.#poller.unwatch(this.#writeFd);
      close(this.#writeFd);
      this.#writeFd = -1;
    }
  }

  #read(most: number): void {
    for (let i = 0; i < most && !this.#ended; i++) {
      const packet = receivePacket(this.#fd, buffer);
      if (packet === -EAGAIN) return;
      if (packet === -EINTR) continue;
      if (typeof packet === "number" || packet.payload.length === 0) return this.#end();
      this.#events.onPacket(packet.payload, packet.fds, packet.truncated);
    }
  }

  /** Reads everything that has arrived, because the peer is dead. */
  readAll(): void {
    this.#read(Infinity);
  }

  #end(): void {
    if (this.#ended) return;
    this.close();
    this.#events.onEnd();
  }

  /** No more callbacks. */
  close(): void {
    this.#ended = true;
    if (this.#closed) return;
    this.#closed = true;
    this.#unsent.forEach(done);
    this.#unsent = [];
    this.#watchRoom(false);
    this.#poller.unwatch(this.#fd);
    close(this.#fd);
  }
}
