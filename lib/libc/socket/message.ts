/**
 * What sendmsg(2) and recvmsg(2) are given: struct msghdr with one iovec, and room for one control
 * message that carries descriptors. Source: sendmsg(2), recvmsg(2), cmsg(3), unix(7).
 */
import { bindLibrary, call } from "../bind.ts";
import { SOL_SOCKET } from "./socket.ts";

const MSG_NOSIGNAL = 0x4000;

const libc = bindLibrary({
  sendmsg: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct msghdr *msg
      "i32", // int flags
    ],
    result: "i32",
  },
  recvmsg: {
    parameters: [
      "i32", // int sockfd
      "buffer", // struct msghdr *msg
      "i32", // int flags
    ],
    result: "i32",
  },
});

const SCM_RIGHTS = 1;
export const MSG_CTRUNC = 0x8;
export const MSG_DONTWAIT = 0x40;
const MSG_CMSG_CLOEXEC = 0x40000000;

const SIZEOF_MSGHDR = 56;
const SIZEOF_IOVEC = 16;
const SIZEOF_CMSGHDR = 16;
const IOVEC_AT = SIZEOF_MSGHDR;
const CONTROL_AT = IOVEC_AT + SIZEOF_IOVEC;
const MSG_CONTROLLEN_AT = 40;
const MSG_FLAGS_AT = 48;

const NO_ADDRESS = new Uint8Array(0);

/**
 * SAFETY: `bytes` is one block that is never moved, and holds all that its pointers lead to, but
 * for the payload, which stands beside it.
 */
export class MessageHeader {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  /** Descriptors that there is room for. */
  readonly #mostFds: number;

  private constructor(
    readonly payload: Uint8Array<ArrayBuffer>,
    mostFds: number,
    address: Uint8Array,
  ) {
    const addressAt = CONTROL_AT + SIZEOF_CMSGHDR + 4 * mostFds;
    this.#mostFds = mostFds;
    this.bytes = new Uint8Array(new ArrayBuffer(addressAt + address.length));
    this.#view = new DataView(this.bytes.buffer);
    if (address.length > 0) {
      this.bytes.set(address, addressAt);
      this.#point(0, addressAt); // msg_name
      this.#view.setUint32(8, address.length, true); // msg_namelen
    }
    this.#point(16, IOVEC_AT); // msg_iov
    this.#view.setBigUint64(24, 1n, true); // msg_iovlen
    this.#view.setBigUint64(IOVEC_AT, addressOf(payload), true); // iov_base
    this.#view.setBigUint64(IOVEC_AT + 8, BigInt(payload.length), true); // iov_len
  }

  /**
   * A message with copies of `fds`, at most 253 of them, to `address`, a struct sockaddr; without
   * one, to the peer.
   */
  static toSend(
    payload: Uint8Array<ArrayBuffer>,
    fds: readonly number[],
    address: Uint8Array = NO_ADDRESS,
  ): MessageHeader {
    const message = new MessageHeader(payload, fds.length, address);
    if (fds.length === 0) return message;
    const length = SIZEOF_CMSGHDR + 4 * fds.length;
    message.#makeRoomForControl(length);
    message.#view.setBigUint64(CONTROL_AT, BigInt(length), true); // cmsg_len
    message.#view.setInt32(CONTROL_AT + 8, SOL_SOCKET, true); // cmsg_level
    message.#view.setInt32(CONTROL_AT + 12, SCM_RIGHTS, true); // cmsg_type
    fds.forEach((fd, i) => message.#view.setInt32(CONTROL_AT + SIZEOF_CMSGHDR + 4 * i, fd, true));
    return message;
  }

  /** Room for a message with so many descriptors. */
  static toReceive(buffer: Uint8Array<ArrayBuffer>, mostFds: number): MessageHeader {
    const message = new MessageHeader(buffer, mostFds, NO_ADDRESS);
    message.#makeRoomForControl(SIZEOF_CMSGHDR + 4 * mostFds);
    return message;
  }

  /** What recvmsg(2) has told of the message. */
  get flags(): number {
    return this.#view.getUint32(MSG_FLAGS_AT, true);
  }

  /** The descriptors that came with it, now ours. */
  get fds(): number[] {
    const view = this.#view;
    if (view.getBigUint64(MSG_CONTROLLEN_AT, true) < BigInt(SIZEOF_CMSGHDR)) return [];
    const isRights = view.getInt32(CONTROL_AT + 8, true) === SOL_SOCKET &&
      view.getInt32(CONTROL_AT + 12, true) === SCM_RIGHTS;
    const count = isRights
      ? (Number(view.getBigUint64(CONTROL_AT, true)) - SIZEOF_CMSGHDR) >> 2
      : 0;
    return Array.from(
      { length: Math.min(count, this.#mostFds) },
      (_, i) => view.getInt32(CONTROL_AT + SIZEOF_CMSGHDR + 4 * i, true),
    );
  }

  #makeRoomForControl(length: number): void {
    this.#point(32, CONTROL_AT); // msg_control
    this.#view.setBigUint64(MSG_CONTROLLEN_AT, BigInt(length), true);
  }

  #point(field: number, at: number): void {
    this.#view.setBigUint64(field, addressOf(this.bytes) + BigInt(at), true);
  }
}

function addressOf(bytes: Uint8Array<ArrayBuffer>): bigint {
  return BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
}

/** Sends a message; a peer that is gone sends no SIGPIPE. The bytes sent, or `-errno`. */
export function sendMessage(fd: number, message: MessageHeader, flags: number): number {
  return call(libc.sendmsg, fd, message.bytes, flags | MSG_NOSIGNAL);
}

/**
 * Receives a message, or what is there of a stream. Descriptors that come with it are close-on-exec.
 * The bytes, or `-errno`.
 */
export function receiveMessage(fd: number, message: MessageHeader, flags: number): number {
  return call(libc.recvmsg, fd, message.bytes, flags | MSG_CMSG_CLOEXEC);
}
