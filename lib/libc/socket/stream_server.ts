/**
 * Unix sockets that programs of others use: bound under a name, connected to, accepted. They block
 * unless it is said otherwise; all are close-on-exec. Source: unix(7), accept4(2); skalibs,
 * ipc_bind_reuse.c, ipc_accept.c.
 */
import { EAGAIN, EINVAL, ETIMEDOUT } from "../../core/linux/errno.ts";
import { decodePath } from "../../core/text/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "../bind.ts";
import { withUmask } from "../cwd.ts";
import { close, unlink } from "../file.ts";
import { AF_UNIX, SIZEOF_SOCKADDR_UN, unixAddress } from "./address.ts";
import { ownAddress } from "./own_address.ts";
import {
  bindSocket,
  connectSocket,
  limitSending,
  newSocket,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
} from "./socket.ts";

const SUN_PATH = 2;
const ALL_BITS = 0o777;

const libc = bindLibrary({
  accept4: {
    parameters: [
      "i32", // int sockfd
      "buffer", // struct sockaddr *addr
      "buffer", // socklen_t *addrlen
      "i32", // int flags
    ],
    result: "i32",
  },
});

export interface BoundSocketRequest {
  readonly path: string;
  readonly datagram: boolean;
  readonly blocking: boolean;
  /** Remove what has the name already. */
  readonly reuse: boolean;
  /** Permission bits. */
  readonly mode: number;
}

/** A socket with a name. @throws {SyscallError} If it can't be bound. */
export function boundUnixSocket(request: BoundSocketRequest): number {
  const { path, datagram, blocking, reuse, mode } = request;
  const type = (datagram ? SOCK_DGRAM : SOCK_STREAM) | (blocking ? 0 : SOCK_NONBLOCK);
  return withAddress(`bind to ${path}`, path, type, (fd, address) => {
    if (reuse) unlink(path);
    return withUmask(~mode & ALL_BITS, () => bindSocket(fd, address));
  });
}

export interface ConnectionRequest {
  /** A name for our own side. */
  readonly ownPath?: string | undefined;
  /** Wait no longer for the other side. */
  readonly timeoutMs?: number;
  /** What is being done, in the words of an error. */
  readonly action?: string;
}

/**
 * A socket that is connected to whoever listens at `path`. Waits for the other side. @throws
 * {SyscallError} If nobody listens there, or does not answer in time (ETIMEDOUT).
 */
export function connectedUnixSocket(
  path: string,
  { ownPath, timeoutMs = Infinity, action = `connect to ${path}` }: ConnectionRequest = {},
): number {
  return withAddress(action, path, SOCK_STREAM, (fd, address) => {
    if (ownPath !== undefined) {
      const own = unixAddress(ownPath);
      checked(`bind socket to ${ownPath}`, own === undefined ? -EINVAL : bindSocket(fd, own));
    }
    if (timeoutMs !== Infinity) limitSending(fd, timeoutMs);
    const result = connectSocket(fd, address);
    return result === -EAGAIN ? -ETIMEDOUT : result;
  });
}

/** A new socket, on which `use` has worked; it is closed if that fails. */
function withAddress(
  action: string,
  path: string,
  type: number,
  use: (fd: number, address: Uint8Array<ArrayBuffer>) => number,
): number {
  const address = unixAddress(path);
  if (address === undefined) throw new SyscallError(action, EINVAL);
  const fd = newSocket(AF_UNIX, type);
  try {
    checked(action, use(fd, address));
    return fd;
  } catch (error) {
    close(fd);
    throw error;
  }
}

export interface Accepted {
  readonly fd: number;
  /** The name that the other side has bound its socket to; empty if it has none in the file system. */
  readonly remotePath: string;
}

/** The next connection, or `-errno`. */
export function acceptStream(listenerFd: number): Accepted | number {
  const address = new Uint8Array(SIZEOF_SOCKADDR_UN);
  const length = Uint32Array.of(address.length);
  const fd = call(libc.accept4, listenerFd, address, new Uint8Array(length.buffer), SOCK_CLOEXEC);
  return fd < 0 ? fd : { fd, remotePath: pathIn(address.subarray(0, length[0])) };
}

/** The name in the file system that a socket is bound to, empty if it has none; or `-errno`. */
export function boundPath(fd: number): string | number {
  const address = ownAddress(fd);
  return typeof address === "number" ? address : pathIn(address);
}

/** The path in an address, of which there are as many bytes as the kernel has written. */
function pathIn(address: Uint8Array): string {
  const name = address.subarray(SUN_PATH);
  const end = name.indexOf(0);
  return decodePath(end < 0 ? name : name.subarray(0, end));
}
