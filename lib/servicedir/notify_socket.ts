/**
 * Bridges between the notification of s6 (a newline on a descriptor) and that of systemd (a
 * datagram to NOTIFY_SOCKET): what the companion processes of s6-notify-fd-from-socket and
 * s6-notify-socket-from-fd do. Source: s6, doc/s6-notify-fd-from-socket.html,
 * doc/s6-notify-socket-from-fd.html; sd_notify(3), sd_notify_barrier(3).
 */
import { barrierMessage, readyMessage, tellsReady } from "./core/notify_socket.ts";
import { EAGAIN, EINTR } from "../core/linux/errno.ts";
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import { Poller } from "../libc/epoll.ts";
import { pipe } from "../libc/fd.ts";
import { close, read } from "../libc/file.ts";
import { datagramSocket, receive, sendTo } from "../libc/socket/datagram.ts";
import { notifyReadiness, watchSupervisorEnd } from "./notification_fd.ts";

const MAX_MESSAGE = 65536;
const NEWLINE = 10;

/** How the waiting ended: readiness told, the service gone, the time up. */
export type RelayOutcome = "ready" | "stopped" | "timed out";

export interface SocketRelay {
  /** Bound to what the service knows as NOTIFY_SOCKET. */
  readonly socketFd: number;
  readonly notificationFd: number;
  /** Readable when the service is dead; undefined where the kernel has no such thing. */
  readonly serviceFd: number | undefined;
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

/**
 * Waits until the service says READY=1, then tells its supervisor. @throws {SyscallError} If
 * waiting fails.
 */
export async function relayToFd(relay: SocketRelay): Promise<RelayOutcome> {
  const { socketFd, notificationFd, serviceFd, timeoutMs } = relay;
  const buffer = new Uint8Array(MAX_MESSAGE);
  const readyWaits = (): boolean => {
    for (;;) {
      const length = receive(socketFd, buffer);
      if (length < 0) return false;
      if (tellsReady(buffer.subarray(0, length))) return true;
    }
  };
  const outcome = await eventually(timeoutMs, (poller, end) => {
    // its last words count: it may have told readiness and died before we looked
    const stop = (): void => end(readyWaits() ? "ready" : "stopped");
    poller.watch(socketFd, () => readyWaits() && end("ready"));
    if (serviceFd !== undefined) poller.watch(serviceFd, stop);
    watchSupervisorEnd(poller, notificationFd, stop);
  });
  if (outcome === "ready") notifyReadiness(notificationFd);
  return outcome;
}

export interface FdRelay {
  /** The reading end of the pipe on which the service writes its newline. */
  readonly readFd: number;
  /** NOTIFY_SOCKET. */
  readonly socketName: string;
  readonly servicePid: number;
  /** 0 for no limit. */
  readonly timeoutMs: number;
}

/**
 * Waits for the service's newline, tells systemd, and stays until systemd has taken notice: it may
 * not know the sender any more when that is gone.
 *
 * @throws {SyscallError} If the message can't be sent.
 */
export async function relayToSocket(relay: FdRelay): Promise<RelayOutcome> {
  const { readFd, socketName, servicePid } = relay;
  const started = performance.now();
  const outcome = await eventually(relay.timeoutMs, (poller, end) => {
    poller.watch(readFd, () => {
      const found = findNewline(readFd);
      if (found !== undefined) end(found);
    });
  });
  close(readFd);
  if (outcome !== "ready") return outcome;
  const barrier = pipe();
  const socket = datagramSocket();
  sendTo(socket, socketName, readyMessage(servicePid));
  sendTo(socket, socketName, barrierMessage(), barrier.writeFd);
  close(socket);
  close(barrier.writeFd);
  const leftMs = relay.timeoutMs === 0
    ? 0
    : Math.max(1, relay.timeoutMs - (performance.now() - started));
  return await eventually(
    leftMs,
    (poller, end) => poller.watch(barrier.readFd, () => end("ready")),
  );
}

/**
 * Ready if there is a newline, stopped at the end of the pipe; undefined for anything else, which
 * is discarded.
 */
function findNewline(fd: number): RelayOutcome | undefined {
  const buffer = new Uint8Array(4096);
  const count = read(fd, buffer);
  if (count === -EINTR || count === -EAGAIN) return undefined;
  if (count < 0) throw new SyscallError("read from the service", -count);
  if (count === 0) return "stopped";
  return buffer.subarray(0, count).includes(NEWLINE) ? "ready" : undefined;
}

/** Runs a poller until `end` is called or the time is up. */
async function eventually(
  timeoutMs: number,
  watch: (poller: Poller, end: (outcome: RelayOutcome) => void) => void,
): Promise<RelayOutcome> {
  using stack = new DisposableStack();
  const poller = stack.use(new Poller());
  let outcome: RelayOutcome = "timed out";
  const end = (how: RelayOutcome): void => {
    outcome = how;
    poller.stop();
  };
  if (timeoutMs > 0) stack.use(startTimer(timeoutMs, () => end("timed out")));
  watch(poller, end);
  await poller.run();
  return outcome;
}
