/**
 * Sockets of datagrams: Unix, as the notification protocol of systemd needs them and as a system
 * logger binds them, and UDP. Source: unix(7), ip(7), ipv6(7), sd_notify(3); skalibs,
 * ipc_bind_reuse_perms, socket_bind46_reuse.
 */
import { EBUSY, EINTR, ENAMETOOLONG } from "../../core/linux/errno.ts";
import { O_CREAT, O_WRONLY } from "../../core/linux/open_flags.ts";
import { bindLibrary, call, checked, SyscallError } from "../bind.ts";
import { close, umask, unlink } from "../file.ts";
import { lockFd } from "../lock.ts";
import { openFile } from "../wary_open.ts";
import {
  abstractName,
  AF_INET,
  AF_INET6,
  AF_UNIX,
  ipAddress,
  type IpEndpoint,
  ipEndpoint,
  SIZEOF_SOCKADDR_UN,
  unixAddress,
  unixOrAbstractAddress,
  unnamedUnixAddress,
} from "./address.ts";
import { MessageHeader, sendMessage } from "./message.ts";
import { ownAddress } from "./own_address.ts";
import {
  bindSocket,
  newSocket,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  switchOn,
} from "./socket.ts";

const SO_REUSEADDR = 2;
const IPPROTO_IPV6 = 41;
const IPV6_V6ONLY = 26;
const MSG_DONTWAIT = 0x40;

const libc = bindLibrary({
  recv: {
    parameters: [
      "i32", // int sockfd
      "buffer", // void *buf
      "i64", // size_t len
      "i32", // int flags
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

/** A close-on-exec datagram socket. @throws {SyscallError} If there is no descriptor left. */
export function datagramSocket(): number {
  return newSocket(AF_UNIX, SOCK_DGRAM);
}

/**
 * Binds the socket to an abstract address that the kernel chooses. Returns its name, with `@` for
 * the NUL that it begins with.
 *
 * @throws {SyscallError} If the kernel has none left.
 */
export function autobind(fd: number): string {
  checked("bind socket", bindSocket(fd, unnamedUnixAddress()));
  const address = ownAddress(fd);
  if (typeof address === "number") throw new SyscallError("get the name of a socket", -address);
  return abstractName(address);
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
  const address = unixOrAbstractAddress(name);
  if (address === undefined) throw new SyscallError(action, ENAMETOOLONG);
  const message = MessageHeader.toSend(payload, passedFd === undefined ? [] : [passedFd], address);
  checked(action, sendMessage(fd, message, 0));
}

/**
 * A Unix socket bound to `path`, to which everybody can send. What was there is removed.
 * `path.lock` tells that the socket is in use; the lock lasts as long as this process.
 *
 * @throws {SyscallError} If another process has the lock (EBUSY), or if it can't be bound.
 */
export function bindUnixDatagram(path: string): number {
  const address = unixAddress(path);
  if (address === undefined) throw new SyscallError(`bind socket to ${path}`, ENAMETOOLONG);
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
export function bindUdp(endpoint: IpEndpoint, action: string): number {
  const six = endpoint.ip.length === 16;
  return boundSocket(six ? AF_INET6 : AF_INET, ipAddress(endpoint), action);
}

function boundSocket(family: number, address: Uint8Array<ArrayBuffer>, action: string): number {
  const fd = newSocket(family, SOCK_DGRAM | SOCK_NONBLOCK);
  try {
    if (family === AF_INET6) checked("set up socket", switchOn(fd, IPPROTO_IPV6, IPV6_V6ONLY));
    switchOn(fd, SOL_SOCKET, SO_REUSEADDR);
    checked(action, bindSocket(fd, address));
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
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
  return ipEndpoint(sender);
}
