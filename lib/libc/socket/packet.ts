/**
 * Sockets that keep packets whole and carry descriptors. Nothing here ever waits. Source: unix(7),
 * recvmsg(2).
 */
import { AF_UNIX } from "./address.ts";
import { MessageHeader, MSG_CTRUNC, MSG_DONTWAIT, receiveMessage, sendMessage } from "./message.ts";
import { newSocketPair, SOCK_SEQPACKET } from "./socket.ts";

const MSG_TRUNC = 0x20;
/** The most descriptors that a packet brings. */
const MOST_FDS = 4;

/** Two sockets, each the other's peer. @throws {SyscallError} If there is no descriptor left. */
export function packetSocketPair(): readonly [number, number] {
  return newSocketPair(AF_UNIX, SOCK_SEQPACKET);
}

/**
 * Sends one packet with copies of `fds`, at most four of them. 0, or `-errno`: `-EAGAIN` if there
 * is no room now, `-EPIPE` if the peer is gone.
 */
export function sendPacket(
  socketFd: number,
  payload: Uint8Array<ArrayBuffer>,
  fds: readonly number[] = [],
): number {
  const message = MessageHeader.toSend(payload, fds);
  const sent = sendMessage(socketFd, message, MSG_DONTWAIT);
  return sent < 0 ? sent : 0;
}

export interface Packet {
  /** In the buffer that was given; empty at the end: the peer is gone. */
  readonly payload: Uint8Array<ArrayBuffer>;
  /** Close-on-exec, now ours. */
  readonly fds: readonly number[];
  /**
   * Something of the payload or of the descriptors did not fit, or there was no room for
   * descriptors in our table.
   */
  readonly truncated: boolean;
}

/** Takes one packet, or `-errno`: `-EAGAIN` if there is none now. */
export function receivePacket(socketFd: number, buffer: Uint8Array<ArrayBuffer>): Packet | number {
  const message = MessageHeader.toReceive(buffer, MOST_FDS);
  const count = receiveMessage(socketFd, message, MSG_DONTWAIT);
  if (count < 0) return count;
  return {
    payload: buffer.subarray(0, count),
    fds: message.fds,
    truncated: (message.flags & (MSG_TRUNC | MSG_CTRUNC)) !== 0,
  };
}
