/**
 * Streams whose bytes carry descriptors. Nothing here waits. Source: unix(7), sendmsg(2),
 * recvmsg(2).
 */
import { MessageHeader, MSG_CTRUNC, MSG_DONTWAIT, receiveMessage, sendMessage } from "./message.ts";

/** What one read of a stream has brought. */
export interface Passed {
  /** Bytes at the beginning of the buffer; 0 at the end of the stream. */
  readonly count: number;
  /** Descriptors that came with them: close-on-exec, and ours. */
  readonly fds: readonly number[];
  /** Some descriptors did not fit into the room for them, or into our table, and are lost. */
  readonly truncated: boolean;
}

/** Reads what is there, or `-errno`: `-EAGAIN` if that is nothing. */
export function receivePassed(
  socketFd: number,
  buffer: Uint8Array<ArrayBuffer>,
  mostFds: number,
): Passed | number {
  const message = MessageHeader.toReceive(buffer, mostFds);
  const count = receiveMessage(socketFd, message, MSG_DONTWAIT);
  if (count < 0) return count;
  return { count, fds: message.fds, truncated: (message.flags & MSG_CTRUNC) !== 0 };
}

/**
 * Writes as many bytes as there is room for, with copies of `fds` at the first of them. The bytes
 * written, or `-errno`: `-EAGAIN` if there is no room, `-EPIPE` if the peer is gone.
 */
export function sendPassing(
  socketFd: number,
  bytes: Uint8Array<ArrayBuffer>,
  fds: readonly number[],
): number {
  return sendMessage(socketFd, MessageHeader.toSend(bytes, fds), MSG_DONTWAIT);
}
