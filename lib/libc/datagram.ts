/**
 * Sockets that datagrams arrive at: Unix and UDP. All are close-on-exec and never wait. Source:
 * unix(7), ip(7), ipv6(7); skalibs, ipc_bind_reuse_perms, socket_bind46_reuse.
 *
 * What sendmsg(2) and recvmsg(2) are given: struct msghdr with one iovec, and room for one control
 * message that carries descriptors. Source: sendmsg(2), cmsg(3), unix(7).
 */
import { EBUSY, EINTR, ENAMETOOLONG } from "../core/linux/errno.ts";
import { encodePath } from "../core/text/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";
import { O_CREAT, O_WRONLY } from "../core/linux/open_flags.ts";
import { close, umask, unlink } from "./file.ts";
import { lockFd } from "./lock.ts";
import { openFile } from "./wary_open.ts";

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const SIZEOF_SOCKADDR_UN = 110;
const SIZEOF_SOCKADDR_IN = 16;
const SIZEOF_SOCKADDR_IN6 = 28;
const SUN_PATH = 2;
const SIN_PORT = 2;
const SIN_ADDR = 4;
const SIN6_ADDR = 8;

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
  setsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "buffer", // const void *optval
      "u32", // socklen_t optlen
    ],
    result: "i32",
  },
  recvfrom: {
    parameters: [
      "i32", // int sockfd
      "buffer", // void *buf
      "usize", // size_t len
      "i32", // int flags
      "buffer", // struct sockaddr *src_addr
      "buffer", // socklen_t *addrlen
    ],
    result: "i32",
  },
});

export interface IpEndpoint {
  /** Four bytes or sixteen. */
  readonly ip: Uint8Array<ArrayBuffer>;
  readonly port: number;
}

/**
 * A Unix socket bound to `path`, to which everybody can send. What was there is removed.
 * `path.lock` tells that the socket is in use; the lock lasts as long as this process.
 *
 * @throws {SyscallError} If another process has the lock (EBUSY), or if it can't be bound.
 */
export function bindUnixDatagram(path: string): number {
  const address = new Uint8Array(SIZEOF_SOCKADDR_UN);
  const name = encodePath(path);
  if (name.length >= SIZEOF_SOCKADDR_UN - SUN_PATH) {
    throw new SyscallError(`bind socket to ${path}`, ENAMETOOLONG);
  }
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, SUN_PATH);
  const lock = openFile(`${path}.lock`, O_WRONLY | O_CREAT, { mode: 0o600 });
  if (!lockFd(lock, { exclusive: true, wait: false })) {
    throw new SyscallError(`bind socket to ${path}`, EBUSY);
  }
  unlink(path);
  const mask = umask(0);
  try {
    return boundSocket(AF_UNIX, address, `bind socket to ${path}`);
  } finally {
    umask(mask);
  }
}

/**
 * A UDP socket. One of IPv6 takes nothing over IPv4. @throws {SyscallError} If it can't be bound.
 */
export function bindUdp({ ip, port }: IpEndpoint, action: string): number {
  const six = ip.length === 16;
  const address = new Uint8Array(six ? SIZEOF_SOCKADDR_IN6 : SIZEOF_SOCKADDR_IN);
  const view = new DataView(address.buffer);
  view.setUint16(0, six ? AF_INET6 : AF_INET, true);
  view.setUint16(SIN_PORT, port);
  address.set(ip, six ? SIN6_ADDR : SIN_ADDR);
  return boundSocket(six ? AF_INET6 : AF_INET, address, action);
}

function boundSocket(family: number, address: Uint8Array<ArrayBuffer>, action: string): number {
  const fd = checked(
    "create socket",
    call(libc.socket, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0),
  );
  try {
    if (family === AF_INET6) checked("set up socket", setOption(fd, IPPROTO_IPV6, IPV6_V6ONLY));
    setOption(fd, SOL_SOCKET, SO_REUSEADDR);
    checked(action, call(libc.bind, fd, address, address.length));
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

function setOption(fd: number, level: number, option: number): number {
  const on = new Uint8Array(Int32Array.of(1).buffer);
  return call(libc.setsockopt, fd, level, option, on, on.length);
}

const sender = new Uint8Array(SIZEOF_SOCKADDR_UN);
const senderLength = new Uint8Array(4);

/**
 * Takes one datagram. Its size, cut to the buffer's, or `-errno`; never waits. Ask `lastSender`
 * before the next one whom it came from.
 */
export function receiveDatagram(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  for (;;) {
    new DataView(senderLength.buffer).setUint32(0, sender.length, true);
    const count = call(libc.recvfrom, fd, buffer, BigInt(buffer.length), 0, sender, senderLength);
    if (count !== -EINTR) return count;
  }
}

/** Where the last datagram of a UDP socket came from. */
export function lastSender(): IpEndpoint {
  const view = new DataView(sender.buffer);
  const six = view.getUint16(0, true) === AF_INET6;
  return {
    ip: six ? sender.slice(SIN6_ADDR, SIN6_ADDR + 16) : sender.slice(SIN_ADDR, SIN_ADDR + 4),
    port: view.getUint16(SIN_PORT),
  };
}

const SCM_RIGHTS = 1;

/** The most descriptors that a message brings. */
const MAX_PASSED = 4;

const SIZEOF_MSGHDR = 56;
const SIZEOF_IOVEC = 16;
const SIZEOF_CMSGHDR = 16;
const IOVEC_AT = SIZEOF_MSGHDR;
const CONTROL_AT = IOVEC_AT + SIZEOF_IOVEC;
const CONTROL_SPACE = SIZEOF_CMSGHDR + 4 * MAX_PASSED;
const ADDRESS_AT = CONTROL_AT + CONTROL_SPACE;
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

  private constructor(readonly payload: Uint8Array<ArrayBuffer>, address: Uint8Array) {
    this.bytes = new Uint8Array(new ArrayBuffer(ADDRESS_AT + address.length));
    this.#view = new DataView(this.bytes.buffer);
    if (address.length > 0) {
      this.bytes.set(address, ADDRESS_AT);
      this.#point(0, ADDRESS_AT); // msg_name
      this.#view.setUint32(8, address.length, true); // msg_namelen
    }
    this.#point(16, IOVEC_AT); // msg_iov
    this.#view.setBigUint64(24, 1n, true); // msg_iovlen
    this.#view.setBigUint64(IOVEC_AT, addressOf(payload), true); // iov_base
    this.#view.setBigUint64(IOVEC_AT + 8, BigInt(payload.length), true); // iov_len
  }

  /**
   * A message with copies of `fds`, at most MAX_PASSED of them, to `address`, a struct sockaddr;
   * without one, to the peer.
   */
  static toSend(
    payload: Uint8Array<ArrayBuffer>,
    fds: readonly number[],
    address: Uint8Array = NO_ADDRESS,
  ): MessageHeader {
    const message = new MessageHeader(payload, address);
    if (fds.length === 0) return message;
    const length = SIZEOF_CMSGHDR + 4 * fds.length;
    message.#makeRoomForControl(length);
    message.#view.setBigUint64(CONTROL_AT, BigInt(length), true); // cmsg_len
    message.#view.setInt32(CONTROL_AT + 8, SOL_SOCKET, true); // cmsg_level
    message.#view.setInt32(CONTROL_AT + 12, SCM_RIGHTS, true); // cmsg_type
    fds.forEach((fd, i) => message.#view.setInt32(CONTROL_AT + SIZEOF_CMSGHDR + 4 * i, fd, true));
    return message;
  }

  /** Room for a message with descriptors. */
  static toReceive(buffer: Uint8Array<ArrayBuffer>): MessageHeader {
    const message = new MessageHeader(buffer, NO_ADDRESS);
    message.#makeRoomForControl(CONTROL_SPACE);
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
      { length: Math.min(count, MAX_PASSED) },
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
