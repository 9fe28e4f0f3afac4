/**
 * A pair of connected sockets that keep packets whole and carry descriptors. Both ends are close-on-exec; nothing here ever waits.
 * Source: unix(7), sendmsg(2), cmsg(3), on x86-64.
 */
import { bindLibrary, call, checked } from "./bind.ts";

const AF_UNIX = 1;
const SOCK_SEQPACKET = 5;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_CTRUNC = 0x8;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;

/** The most descriptors that a packet brings. */
export const MAX_PASSED = 4;

const SIZEOF_MSGHDR = 56;
const SIZEOF_IOVEC = 16;
const SIZEOF_CMSGHDR = 16;
const IOVEC_AT = SIZEOF_MSGHDR;
const CONTROL_AT = IOVEC_AT + SIZEOF_IOVEC;
const CONTROL_SPACE = SIZEOF_CMSGHDR + 4 * MAX_PASSED;
const MSG_CONTROLLEN_AT = 40;
const MSG_FLAGS_AT = 48;

const libc = bindLibrary({
  socketpair: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
      "buffer", // int sv[2]
    ],
    result: "i32",
  },
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

/** Two sockets, each the other's peer. @throws {SyscallError} If there is no descriptor left. */
export function packetSocketPair(): readonly [number, number] {
  const ends = new Int32Array(2);
  checked("create a pair of sockets", call(libc.socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
  return [ends[0]!, ends[1]!];
}

/** struct msghdr, its iovec and room for a control message: one block, and a view on it. */
function messageHeader(payload: Uint8Array<ArrayBuffer>, controlLength: number): { bytes: Uint8Array<ArrayBuffer>; view: DataView } {
  const bytes = new Uint8Array(new ArrayBuffer(CONTROL_AT + CONTROL_SPACE));
  const view = new DataView(bytes.buffer);
  // SAFETY: the pointers lead into `bytes` and `payload`, which the caller holds until its system call has returned.
  const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes)));
  view.setBigUint64(16, base + BigInt(IOVEC_AT), true); // msg_iov
  view.setBigUint64(24, 1n, true); // msg_iovlen
  view.setBigUint64(IOVEC_AT, BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(payload))), true); // iov_base
  view.setBigUint64(IOVEC_AT + 8, BigInt(payload.length), true); // iov_len
  if (controlLength === 0) return { bytes, view };
  view.setBigUint64(32, base + BigInt(CONTROL_AT), true); // msg_control
  view.setBigUint64(MSG_CONTROLLEN_AT, BigInt(controlLength), true);
  return { bytes, view };
}

/**
 * Sends one packet with copies of `fds`, at most MAX_PASSED of them. 0, or `-errno`: `-EAGAIN` if there is no room now, `-EPIPE` if the peer
 * is gone.
 */
export function sendPacket(socketFd: number, payload: Uint8Array<ArrayBuffer>, fds: readonly number[] = []): number {
  const length = SIZEOF_CMSGHDR + 4 * fds.length;
  const { bytes, view } = messageHeader(payload, fds.length === 0 ? 0 : length);
  if (fds.length > 0) {
    view.setBigUint64(CONTROL_AT, BigInt(length), true); // cmsg_len
    view.setInt32(CONTROL_AT + 8, SOL_SOCKET, true); // cmsg_level
    view.setInt32(CONTROL_AT + 12, SCM_RIGHTS, true); // cmsg_type
    fds.forEach((fd, i) => view.setInt32(CONTROL_AT + SIZEOF_CMSGHDR + 4 * i, fd, true));
  }
  const sent = call(libc.sendmsg, socketFd, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? sent : 0;
}

export interface Packet {
  /** In the buffer that was given; empty at the end: the peer is gone. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Close-on-exec, now ours. */
  readonly fds: readonly number[];
  /** Something of the payload or of the descriptors did not fit, or there was no room for descriptors in our table. */
  readonly truncated: boolean;
}

/** Takes one packet, or `-errno`: `-EAGAIN` if there is none now. */
export function receivePacket(socketFd: number, buffer: Uint8Array<ArrayBuffer>): Packet | number {
  const { bytes, view } = messageHeader(buffer, CONTROL_SPACE);
  const count = call(libc.recvmsg, socketFd, bytes, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0) return count;
  const truncated = (view.getUint32(MSG_FLAGS_AT, true) & (MSG_TRUNC | MSG_CTRUNC)) !== 0;
  return { payload: buffer.subarray(0, count), fds: passedFds(view), truncated };
}

function passedFds(view: DataView): number[] {
  if (view.getBigUint64(MSG_CONTROLLEN_AT, true) < BigInt(SIZEOF_CMSGHDR)) return [];
  const isRights = view.getInt32(CONTROL_AT + 8, true) === SOL_SOCKET && view.getInt32(CONTROL_AT + 12, true) === SCM_RIGHTS;
  const count = isRights ? (Number(view.getBigUint64(CONTROL_AT, true)) - SIZEOF_CMSGHDR) >> 2 : 0;
  return Array.from({ length: Math.min(count, MAX_PASSED) }, (_, i) => view.getInt32(CONTROL_AT + SIZEOF_CMSGHDR + 4 * i, true));
}
