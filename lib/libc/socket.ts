/**
 * Unix datagram sockets, as far as the notification protocol of systemd needs them. Source:
 * unix(7), sendmsg(2), sd_notify(3).
 *
 * A pair of connected sockets that keep packets whole and carry descriptors. Both ends are
 * close-on-exec; nothing here ever waits. Source: unix(7), sendmsg(2).
 */
import { ENAMETOOLONG } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";
import { MessageHeader } from "./datagram.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const SUN_PATH = 2; // offset in struct sockaddr_un
const SIZEOF_SOCKADDR_UN = 110;

const libc = bindLibrary({
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
    ],
    result: "i32",
  },
  bind: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32",
  },
  getsockname: {
    parameters: [
      "i32", // int sockfd
      "buffer", // struct sockaddr *addr
      "buffer", // socklen_t *addrlen
    ],
    result: "i32",
  },
  recv: {
    parameters: [
      "i32", // int sockfd
      "buffer", // void *buf
      "i64", // size_t len
      "i32", // int flags
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
  socketpair: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
      "buffer", // int sv[2]
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

/** A close-on-exec datagram socket. @throws {SyscallError} If there is no descriptor left. */
export function datagramSocket(): number {
  return checked("create socket", call(libc.socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

/**
 * Binds the socket to an abstract address that the kernel chooses. Returns its name, with `@` for
 * the NUL that it begins with.
 *
 * @throws {SyscallError} If the kernel has none left.
 */
export function autobind(fd: number): string {
  const family = new Uint8Array(new Uint16Array([AF_UNIX]).buffer);
  checked("bind socket", call(libc.bind, fd, family, family.length));
  const address = new Uint8Array(SIZEOF_SOCKADDR_UN);
  const length = new Uint32Array([address.length]);
  checked("get the name of a socket", call(libc.getsockname, fd, address, length));
  return `@${new TextDecoder().decode(address.subarray(SUN_PATH + 1, length[0]))}`;
}

/**
 * Takes one datagram; descriptors that came with it are closed by the kernel. Its size, cut to the
 * buffer's, or `-errno`; never waits.
 */
export function receive(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  return call(libc.recv, fd, buffer, BigInt(buffer.length), MSG_DONTWAIT);
}

/**
 * Sends one datagram to the socket of that name, abstract if it begins with `@`.
 *
 * @param passedFd A descriptor to send along.
 * @throws {SyscallError} If nobody takes it.
 */
export function sendTo(
  fd: number,
  name: string,
  payload: Uint8Array<ArrayBuffer>,
  passedFd?: number,
): void {
  const action = `send a message to ${name}`;
  const address = unixAddress(name);
  if (address.length > SIZEOF_SOCKADDR_UN) throw new SyscallError(action, ENAMETOOLONG);
  const message = MessageHeader.toSend(payload, passedFd === undefined ? [] : [passedFd], address);
  checked(action, call(libc.sendmsg, fd, message.bytes, MSG_NOSIGNAL));
}

/**
 * struct sockaddr_un. An abstract name is as long as it is: a NUL behind it would make another
 * name.
 */
function unixAddress(name: string): Uint8Array<ArrayBuffer> {
  const path = encodePath(name);
  const abstract = name.startsWith("@");
  if (abstract) path[0] = 0;
  const address = new Uint8Array(SUN_PATH + path.length + (abstract ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(path, SUN_PATH);
  return address;
}

const SOCK_SEQPACKET = 5;
const MSG_CTRUNC = 0x8;
const MSG_TRUNC = 0x20;
const MSG_CMSG_CLOEXEC = 0x40000000;

/** Two sockets, each the other's peer. @throws {SyscallError} If there is no descriptor left. */
export function packetSocketPair(): readonly [number, number] {
  const ends = new Int32Array(2);
  checked(
    "create a pair of sockets",
    call(libc.socketpair, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends),
  );
  return [ends[0]!, ends[1]!];
}

/**
 * Sends one packet with copies of `fds`, at most four of them. 0, or `-errno`: `-EAGAIN` if there
 * is no room now, `-EPIPE` if the peer is gone.
 */
export function sendPacket(
  socketFd: number,
  payload: Uint8Array<ArrayBuffer>,
  fds: readonly number[] = [],
): number {
  const message = MessageHeader.toSend(payload, fds);
  const sent = call(libc.sendmsg, socketFd, message.bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? sent : 0;
}

export interface Packet {
  /** In the buffer that was given; empty at the end: the peer is gone. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Close-on-exec, now ours. */
  readonly fds: readonly number[];
  /**
   * Something of the payload or of the descriptors did not fit, or there was no room for
   * descriptors in our table.
   */
  readonly truncated: boolean;
}

/** Takes one packet, or `-errno`: `-EAGAIN` if there is none now. */
export function receivePacket(socketFd: number, buffer: Uint8Array<ArrayBuffer>): Packet | number {
  const message = MessageHeader.toReceive(buffer);
  const count = call(libc.recvmsg, socketFd, message.bytes, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (count < 0) return count;
  return {
    payload: buffer.subarray(0, count),
    fds: message.fds,
    truncated: (message.flags & (MSG_TRUNC | MSG_CTRUNC)) !== 0,
  };
}
