/**
 * Unix datagram sockets, as far as the notification protocol of systemd needs them.
 * Source: unix(7), sendmsg(2), cmsg(3), on x86-64; sd_notify(3).
 */
import { ENAMETOOLONG } from "../core/errno.ts";
import { encodePath } from "../core/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "./bind.ts";

const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
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
});

/** A close-on-exec datagram socket. @throws {SyscallError} If there is no descriptor left. */
export function datagramSocket(): number {
  return checked("create socket", call(libc.socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
}

/**
 * Binds the socket to an abstract address that the kernel chooses. Returns its name, with `@` for the NUL that it begins with.
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

/** Takes one datagram; descriptors that came with it are closed by the kernel. Its size, cut to the buffer's, or `-errno`; never waits. */
export function receive(fd: number, buffer: Uint8Array<ArrayBuffer>): number {
  return call(libc.recv, fd, buffer, BigInt(buffer.length), MSG_DONTWAIT);
}

/**
 * Sends one datagram to the socket of that name, abstract if it begins with `@`.
 *
 * @param passedFd A descriptor to send along.
 * @throws {SyscallError} If nobody takes it.
 */
export function sendTo(fd: number, name: string, payload: Uint8Array<ArrayBuffer>, passedFd?: number): void {
  const action = `send a message to ${name}`;
  const address = unixAddress(name);
  if (address.length > SIZEOF_SOCKADDR_UN) throw new SyscallError(action, ENAMETOOLONG);
  const message = new MessageHeader(address, payload, passedFd);
  checked(action, call(libc.sendmsg, fd, message.header, MSG_NOSIGNAL));
}

/** struct sockaddr_un. An abstract name is as long as it is: a NUL behind it would make another name. */
function unixAddress(name: string): Uint8Array<ArrayBuffer> {
  const path = encodePath(name);
  const abstract = name.startsWith("@");
  if (abstract) path[0] = 0;
  const address = new Uint8Array(SUN_PATH + path.length + (abstract ? 0 : 1));
  new DataView(address.buffer).setUint16(0, AF_UNIX, true);
  address.set(path, SUN_PATH);
  return address;
}

const SIZEOF_MSGHDR = 56;
const SIZEOF_IOVEC = 16;
const CMSG_SPACE_OF_INT = 24;
const CMSG_LEN_OF_INT = 20;

/** struct msghdr with everything that it points to. */
class MessageHeader {
  /** SAFETY: one block, never moved, that holds header, iovec, control message, address and payload; the pointers point into it. */
  readonly header: Uint8Array<ArrayBuffer>;

  constructor(address: Uint8Array, payload: Uint8Array, passedFd: number | undefined) {
    const iovecAt = SIZEOF_MSGHDR;
    const controlAt = iovecAt + SIZEOF_IOVEC;
    const addressAt = controlAt + CMSG_SPACE_OF_INT;
    const payloadAt = addressAt + address.length;
    this.header = new Uint8Array(new ArrayBuffer(payloadAt + payload.length));
    const base = BigInt(Deno.UnsafePointer.value(Deno.UnsafePointer.of(this.header)));
    const view = new DataView(this.header.buffer);
    view.setBigUint64(0, base + BigInt(addressAt), true); // msg_name
    view.setUint32(8, address.length, true); // msg_namelen
    view.setBigUint64(16, base + BigInt(iovecAt), true); // msg_iov
    view.setBigUint64(24, 1n, true); // msg_iovlen
    view.setBigUint64(iovecAt, base + BigInt(payloadAt), true); // iov_base
    view.setBigUint64(iovecAt + 8, BigInt(payload.length), true); // iov_len
    if (passedFd !== undefined) {
      view.setBigUint64(32, base + BigInt(controlAt), true); // msg_control
      view.setBigUint64(40, BigInt(CMSG_SPACE_OF_INT), true); // msg_controllen
      view.setBigUint64(controlAt, BigInt(CMSG_LEN_OF_INT), true); // cmsg_len
      view.setInt32(controlAt + 8, SOL_SOCKET, true); // cmsg_level
      view.setInt32(controlAt + 12, SCM_RIGHTS, true); // cmsg_type
      view.setInt32(controlAt + 16, passedFd, true);
    }
    this.header.set(address, addressAt);
    this.header.set(payload, payloadAt);
  }
}
