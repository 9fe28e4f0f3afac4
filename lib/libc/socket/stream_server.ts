/**
 * Unix sockets that programs of others use: bound under a name, connected to, accepted. They block
 * unless it is said otherwise; all are close-on-exec. Source: unix(7), accept4(2); skalibs,
 * ipc_bind_reuse.c, ipc_accept.c.
 */
import { EINVAL } from "../../core/linux/errno.ts";
import { decodePath } from "../../core/text/path_bytes.ts";
import { bindLibrary, call, checked, SyscallError } from "../bind.ts";
import { withUmask } from "../cwd.ts";
import { close, unlink } from "../file.ts";
import { AF_UNIX, SIZEOF_SOCKADDR_UN, unixAddress } from "./address.ts";
import {
  bindSocket,
  connectSocket,
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

/**
 * A socket that is connected to whoever listens at `path`, and has the name `ownPath` if that is
 * given. Waits for the other side. @throws {SyscallError} If nobody listens there.
 */
export function connectedUnixSocket(path: string, ownPath?: string): number {
  return withAddress(`connect to ${path}`, path, SOCK_STREAM, (fd, address) => {
    if (ownPath !== undefined) {
      const own = unixAddress(ownPath);
      checked(`bind socket to ${ownPath}`, own === undefined ? -EINVAL : bindSocket(fd, own));
    }
    return connectSocket(fd, address);
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
  if (fd < 0) return fd;
  const name = address.subarray(SUN_PATH, Math.max(SUN_PATH, Math.min(length[0]!, address.length)));
  const end = name.indexOf(0);
  return { fd, remotePath: decodePath(end < 0 ? name : name.subarray(0, end)) };
}
