/**
 * Making sockets, giving them an address, listening, connecting. All are close-on-exec. Source:
 * socket(2), bind(2), listen(2), connect(2), setsockopt(2).
 */
import { bindLibrary, call, checked } from "../bind.ts";

export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_SEQPACKET = 5;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;
export const SOL_SOCKET = 1;
const SO_SNDTIMEO = 21;
export const SHUT_RD = 0;
export const SHUT_WR = 1;

const libc = bindLibrary({
  socket: {
    parameters: [
      "i32", // int domain
      "i32", // int type
      "i32", // int protocol
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
  bind: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32",
  },
  listen: {
    parameters: [
      "i32", // int sockfd
      "i32", // int backlog
    ],
    result: "i32",
  },
  connect: {
    parameters: [
      "i32", // int sockfd
      "buffer", // const struct sockaddr *addr
      "u32", // socklen_t addrlen
    ],
    result: "i32",
  },
  shutdown: {
    parameters: [
      "i32", // int sockfd
      "i32", // int how
    ],
    result: "i32",
  },
  getsockopt: {
    parameters: [
      "i32", // int sockfd
      "i32", // int level
      "i32", // int optname
      "buffer", // void *optval
      "buffer", // socklen_t *optlen
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
});

/** @param type SOCK_..., with SOCK_NONBLOCK or not. @throws {SyscallError} If there is none left. */
export function newSocket(family: number, type: number): number {
  return checked("create socket", call(libc.socket, family, type | SOCK_CLOEXEC, 0));
}

/** Two sockets, each the other's peer. @throws {SyscallError} If there is no descriptor left. */
export function newSocketPair(family: number, type: number): readonly [number, number] {
  const ends = new Int32Array(2);
  checked(
    "create a pair of sockets",
    call(libc.socketpair, family, type | SOCK_CLOEXEC, 0, ends),
  );
  return [ends[0]!, ends[1]!];
}

/** 0 or `-errno`. */
export function bindSocket(fd: number, address: Uint8Array<ArrayBuffer>): number {
  return call(libc.bind, fd, address, address.length);
}

/** @param backlog How many may wait to be accepted. 0 or `-errno`. */
export function listen(fd: number, backlog: number): number {
  return call(libc.listen, fd, backlog);
}

/** 0 or `-errno`. */
export function connectSocket(fd: number, address: Uint8Array<ArrayBuffer>): number {
  return call(libc.connect, fd, address, address.length);
}

/** Reads the value of an option of SOL_SOCKET into `value`. 0 or `-errno`. */
export function socketOption(fd: number, option: number, value: Int32Array<ArrayBuffer>): number {
  const length = new Uint32Array([value.byteLength]);
  return call(
    libc.getsockopt,
    fd,
    SOL_SOCKET,
    option,
    new Uint8Array(value.buffer),
    new Uint8Array(length.buffer),
  );
}

/** Switches an option on. 0 or `-errno`. */
export function switchOn(fd: number, level: number, option: number): number {
  const on = new Uint8Array(Int32Array.of(1).buffer);
  return call(libc.setsockopt, fd, level, option, on, on.length);
}

/** How long connecting and writing may wait. 0 or `-errno`. */
export function limitSending(fd: number, milliseconds: number): number {
  const seconds = Math.floor(milliseconds / 1000);
  const microseconds = (milliseconds - 1000 * seconds) * 1000;
  const limit = new Uint8Array(BigInt64Array.of(BigInt(seconds), BigInt(microseconds)).buffer);
  return call(libc.setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, limit, limit.length);
}

/** Ends one direction of a connection: SHUT_RD or SHUT_WR. 0 or `-errno`. */
export function shutdown(fd: number, how: number): number {
  return call(libc.shutdown, fd, how);
}
