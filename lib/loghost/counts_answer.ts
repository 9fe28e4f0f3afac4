/**
 * Tells one who asks what this process has counted, and lets go of the connection. Nobody waits
 * for who asks: what has no room waits in the channel, and after a while he is given up.
 */
import { countPackets } from "../counters/core/counts_protocol.ts";
import type { ProcessCounts } from "../counters/core/counts.ts";
import { startTimer } from "../fifodir/timer.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { Channel } from "./channel.ts";

/** Who has not taken his answer by then is not going to. */
const TAKE_MS = 10_000;

/** @param fd The connection, which we close. @throws {SyscallError} If it can't be watched. */
export function answerCounts(
  fd: number,
  poller: Pick<Poller, "watch" | "unwatch">,
  counts: ProcessCounts,
): void {
  const channel: Channel = openChannel(fd, poller, () => over());
  const patience = startTimer(TAKE_MS, () => over());
  const over = (): void => {
    patience[Symbol.dispose]();
    channel.close();
  };
  for (const packet of countPackets(counts)) channel.send(packet, [], 0);
  if (channel.unsentCount === 0) over();
}

function openChannel(
  fd: number,
  poller: Pick<Poller, "watch" | "unwatch">,
  over: () => void,
): Channel {
  try {
    return new Channel(fd, poller, {
      onPacket: (_packet, fds) => fds.forEach(close),
      onRoom: over,
      onEnd: over,
    });
  } catch (error) {
    close(fd);
    throw error;
  }
}

/** This process's heap, for its counts. */
export function ownHeap(): ProcessCounts["heap"] {
  const { heapUsed, heapTotal } = Deno.memoryUsage();
  return { usedBytes: heapUsed, totalBytes: heapTotal };
}
