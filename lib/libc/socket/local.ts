/**
 * Unix sockets with a name in the file system that keep packets whole and carry descriptors
 * (packet.ts): a listener, its clients, and who they are. All are close-on-exec. Source:
 * unix(7), accept4(2), getsockopt(2).
 */
import { EINVAL } from "../../core/linux/errno.ts";
import { bindLibrary, call, checked, SyscallError } from "../bind.ts";
import { close } from "../file.ts";
import { AF_UNIX, unixAddress } from "./address.ts";
import {
  bindSocket,
  connectSocket,
  listen,
  newSocket,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_SEQPACKET,
  socketOption,
} from "./socket.ts";

const SO_PEERCRED = 17;
const SIZEOF_UCRED = 12;
const BACKLOG = 64;

const libc = bindLibrary({
  accept4: {
    parameters: [
      "i32", // int sockfd
      "pointer", // struct sockaddr *addr
      "pointer", // socklen_t *addrlen
      "i32", // int flags
    ],
    result: "i32",
  },
});

/**
 * Listens under a name that is free. Its mode is what the umask leaves. @throws {SyscallError} If
 * it can't.
 */
export function listenAt(path: string): number {
  const action = `listen on ${path}`;
  const address = unixAddress(path);
  if (address === undefined) throw new SyscallError(action, EINVAL);
  const fd = newSocket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK);
  const bound = bindSocket(fd, address);
  const result = bound < 0 ? bound : listen(fd, BACKLOG);
  if (result < 0) close(fd);
  checked(action, result);
  return fd;
}

/** The next client, or `-errno`: `-EAGAIN` if there is none. */
export function accept(listenerFd: number): number {
  return call(libc.accept4, listenerFd, null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
}

/** A socket that is connected to whoever listens under that name; or `-errno`. */
export function connectTo(path: string): number {
  const address = unixAddress(path);
  if (address === undefined) return -EINVAL;
  const fd = newSocket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK);
  const result = connectSocket(fd, address);
  if (result >= 0) return fd;
  close(fd);
  return result;
}

/** Who has connected. */
export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Who is at the other end, as the kernel saw it when it connected; or `-errno`. */
export function peerOf(fd: number): Peer | number {
  const credentials = new Int32Array(SIZEOF_UCRED / 4);
  const result = socketOption(fd, SO_PEERCRED, credentials);
  return result < 0 ? result : {
    pid: credentials[0]!,
    uid: credentials[1]! >>> 0,
    gid: credentials[2]! >>> 0,
  };
}
