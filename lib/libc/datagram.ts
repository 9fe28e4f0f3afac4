/**
 * Sockets that datagrams arrive at: Unix and UDP. All are close-on-exec and never wait.
 * Source: unix(7), ip(7), ipv6(7) on x86-64; skalibs, ipc_bind_reuse_perms, socket_bind46_reuse.
 */
import { EBUSY, EINTR, ENAMETOOLONG } from "../core/errno.ts";
import { encodePath } from "../core/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";
import { close, O_CREAT, O_WRONLY, umask, unlink } from "./file.ts";
import { openFile } from "./wary_open.ts";
import { lockFd } from "./lock.ts";

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
 * A Unix socket bound to `path`, to which everybody can send. What was there is removed. `path.lock` tells that the socket is in use; the
 * lock lasts as long as this process.
 *
 * @throws {SyscallError} If another process has the lock (EBUSY), or if it can't be bound.
 */
export function bindUnixDatagram(path: string): number {
  const address = new Uint8Array(SIZEOF_SOCKADDR_UN);
  const name = encodePath(path);
  if (name.length >= SIZEOF_SOCKADDR_UN - SUN_PATH) throw new SyscallError(`bind socket to ${path}`, ENAMETOOLONG);
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(name, SUN_PATH);
  const lock = openFile(`${path}.lock`, O_WRONLY | O_CREAT, { mode: 0o600 });
  if (!lockFd(lock, { exclusive: true, wait: false })) throw new SyscallError(`bind socket to ${path}`, EBUSY);
  unlink(path);
  const mask = umask(0);
  try {
    return boundSocket(AF_UNIX, address, `bind socket to ${path}`);
  } finally {
    umask(mask);
  }
}

/** A UDP socket. One of IPv6 takes nothing over IPv4. @throws {SyscallError} If it can't be bound. */
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
  const fd = checked("create socket", call(libc.socket, family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
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

/** Takes one datagram. Its size, cut to the buffer's, or `-errno`; never waits. Ask `lastSender` before the next one whom it came from. */
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
  return { ip: six ? sender.slice(SIN6_ADDR, SIN6_ADDR + 16) : sender.slice(SIN_ADDR, SIN_ADDR + 4), port: view.getUint16(SIN_PORT) };
}
