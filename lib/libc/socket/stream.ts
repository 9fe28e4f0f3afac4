/**
 * Connections of streams that are made without waiting, over IP and to Unix sockets. All are
 * close-on-exec. Source: connect(2), tcp(7), unix(7).
 */
import { EINPROGRESS, EINVAL } from "../../core/linux/errno.ts";
import { close } from "../file.ts";
import { AF_INET, AF_INET6, AF_UNIX, ipAddress, type IpEndpoint, unixAddress } from "./address.ts";
import { connectSocket, newSocket, SOCK_NONBLOCK, SOCK_STREAM, socketOption } from "./socket.ts";

const SO_ERROR = 4;

/**
 * Begins to connect. Returns the socket, or `-errno`. As soon as it can be written, ask
 * `connectResult` how it went.
 *
 * @throws {SyscallError} If there is no descriptor left.
 */
export function connectIp(endpoint: IpEndpoint): number {
  const family = endpoint.ip.length === 16 ? AF_INET6 : AF_INET;
  return beginConnecting(family, ipAddress(endpoint));
}

/** The same for the Unix socket at `path`. */
export function connectUnix(path: string): number {
  const address = unixAddress(path);
  return address === undefined ? -EINVAL : beginConnecting(AF_UNIX, address);
}

function beginConnecting(family: number, address: Uint8Array<ArrayBuffer>): number {
  const fd = newSocket(family, SOCK_STREAM | SOCK_NONBLOCK);
  const result = connectSocket(fd, address);
  if (result >= 0 || result === -EINPROGRESS) return fd;
  close(fd);
  return result;
}

/** How connecting has ended: 0 or `-errno`. */
export function connectResult(fd: number): number {
  const error = new Int32Array(1);
  const result = socketOption(fd, SO_ERROR, error);
  return result < 0 ? result : -error[0]!;
}
