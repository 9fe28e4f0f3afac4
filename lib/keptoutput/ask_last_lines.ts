/**
 * Asks a log host for the last lines of each service whose output it keeps, without ever waiting:
 * for the process that supervises, which has a socket to it.
 */
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { startTimer } from "../fifodir/timer.ts";
import type { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { readLine } from "../logdir/last_line.ts";
import type { LastLine } from "../status/core/service_report.ts";
import { receivePacket, sendPacket } from "../libc/socket/packet.ts";
import { encodeKeptRequest, KeptReader, MOST_PACKET } from "./core/kept_protocol.ts";

/** How long a log host may take; what has come by then is all. */
const PATIENCE_MS = 2000;
const LF = 10;

/** So many lines of each: some of them may not be the service's own. */
const LINES = 4;

/** The newest last, by the names of services. */
export type LastLinesOf = ReadonlyMap<string, readonly LastLine[]>;

/**
 * Calls back once, later.
 *
 * @param fd A socket at whose other end a log host serves a reader; closed here in any case
 * @throws {SyscallError} If the socket can't be watched.
 */
export function askLastLines(
  fd: number,
  poller: Pick<Poller, "watch" | "unwatch">,
  onLines: (lines: LastLinesOf) => void,
  patienceMs = PATIENCE_MS,
): void {
  const lines = new Map<string, LastLine[]>();
  const reader = new KeptReader();
  const buffer = new Uint8Array(MOST_PACKET);
  let isOver = false;
  const finish = (): void => {
    if (isOver) return; // the runtime still calls a timer that an event of the same turn has cleared
    isOver = true;
    patience[Symbol.dispose]();
    poller.unwatch(fd);
    close(fd);
    onLines(lines);
  };
  try {
    poller.watch(fd, () => {
      if (takePacket(fd, buffer, reader, lines) === "over") finish();
    });
  } catch (error) {
    close(fd);
    throw error;
  }
  const patience = startTimer(patienceMs, finish);
  // nobody reads at the other end if that fails, and then the socket is at its end
  sendPacket(fd, encodeKeptRequest({ lines: LINES, follow: false }));
}

function takePacket(
  fd: number,
  buffer: Uint8Array<ArrayBuffer>,
  reader: KeptReader,
  lines: Map<string, LastLine[]>,
): "more" | "over" {
  const packet = receivePacket(fd, buffer);
  if (packet === -EAGAIN || packet === -EINTR) return "more";
  if (typeof packet === "number" || packet.payload.length === 0) return "over";
  packet.fds.forEach(close); // nothing that we want
  try {
    const event = reader.add(packet.payload);
    if (event?.kind === "held") return "over";
    if (event !== undefined) {
      const known = lines.get(event.name) ?? [];
      lines.set(event.name, [...known, ...linesIn(event.bytes)].slice(-LINES));
    }
    return "more";
  } catch (error) {
    if (error instanceof SyntaxError) return "over"; // it speaks another language
    throw error;
  }
}

function linesIn(bytes: Uint8Array): LastLine[] {
  const lines: LastLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(LF, at);
    lines.push(readLine(bytes.subarray(at, end)));
    at = end + 1;
  }
  return lines;
}
