/**
 * Asking s6-svscan and its log hosts what they have counted: whoever connects is told. What comes
 * is bounded in size and time, and the caller goes on with other work meanwhile.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { connectToScanner, type Unreachable } from "../files/scanner_socket.ts";
import { monotonicMs } from "../libc/clock.ts";
import { poll, POLLIN } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { peerOf } from "../libc/socket/local.ts";
import { receivePacket } from "../libc/socket/packet.ts";
import type { Answers } from "./core/counts.ts";
import {
  COUNTS_SOCKET,
  type CountsPacket,
  joinedCounts,
  MOST_PACKET,
  parseCounts,
} from "./core/counts_protocol.ts";

/** How long the answers of all processes may take. */
const PATIENCE_MS = 2000;
/** An answer that comes at once is waited for on the spot, so that its time is right. */
const AT_ONCE_MS = 4;
/** Between two looks at the socket after that, for other work. */
const LOOK_MS = 5;
/** The most that is taken. */
const MOST_BYTES = 1 << 25;

const buffer = new Uint8Array(MOST_PACKET);

/** What has been counted, or why that can't be had. */
export async function askCounts(scandir: string): Promise<Answers | Unreachable> {
  const beganMs = monotonicMs();
  const fd = connectToScanner(scandir, COUNTS_SOCKET);
  if (typeof fd === "string") return fd;
  const peer = peerOf(fd);
  const packets: CountsPacket[] = [];
  let [size, hasWaited, answerMs]: [number, boolean, number | undefined] = [0, false, undefined];
  try {
    while (size < MOST_BYTES && monotonicMs() - beganMs < PATIENCE_MS) {
      const packet = receivePacket(fd, buffer);
      if (packet === -EAGAIN || packet === -EINTR) {
        if (!hasWaited) {
          poll([{ fd, events: POLLIN }], AT_ONCE_MS);
          hasWaited = true;
        } else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        continue;
      }
      if (typeof packet === "number" || packet.payload.length === 0) break;
      packet.fds.forEach(close); // nothing that we want
      size += packet.payload.length;
      const counts = parsed(packet.payload);
      if (counts === undefined) break; // it speaks another language
      if (counts.from === "s6-svscan") answerMs ??= monotonicMs() - beganMs;
      packets.push(counts);
    }
  } finally {
    close(fd);
  }
  const processes = joinedCounts(packets);
  const isNear = typeof peer !== "number" &&
    processes.some(({ from, pid }) => from === "s6-svscan" && pid === peer.pid);
  return { processes, answerMs, isNear };
}

function parsed(packet: Uint8Array): CountsPacket | undefined {
  try {
    return parseCounts(packet);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
