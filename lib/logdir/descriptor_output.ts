/** A descriptor of this process as an output that logs share, and how lines look there. */
import { EPERM } from "../core/linux/errno.ts";
import { ServiceColours, type ServiceLineForm } from "../logreader/core/service_line.ts";
import { startTimer } from "../fifodir/timer.ts";
import { SyscallError } from "../libc/bind.ts";
import type { Poller } from "../libc/epoll.ts";
import { isReady, pipeBytes, pipeCapacity, POLLOUT } from "../libc/fd.ts";
import { write } from "../libc/file.ts";
import { variable } from "../libc/environ.ts";
import { isTerminal, openTerminalAgain } from "../libc/terminal.ts";
import type { OutputWorld } from "./shared_output.ts";

/** What a pipe takes without blocking, and in one piece, when poll says that it has room. */
const PIPE_BUF = 4096;

/** The world of a shared output. Regular files always have room, and can't be watched for it. */
export function descriptorOutput(
  given: number,
  poller: Poller,
  warn: (text: string) => void,
): OutputWorld {
  const again = isTerminal(given) ? openTerminalAgain(given) : -1;
  const fd = again < 0 ? given : again;
  const ofEmptyPipe = pipeCapacity(fd) >> 1;
  return {
    // an empty pipe takes more in one piece: half of what it holds, as others may write there too
    room: (wanted) =>
      wanted > PIPE_BUF && ofEmptyPipe > PIPE_BUF && pipeBytes(fd) === 0
        ? ofEmptyPipe
        : isReady(fd, POLLOUT)
        ? PIPE_BUF
        : 0,
    write: (bytes) => write(fd, bytes),
    watch: (onRoom) => {
      try {
        poller.watch(fd, onRoom, { writing: true });
        return true;
      } catch (error) {
        if (error instanceof SyscallError && error.errno === EPERM) return false;
        throw error;
      }
    },
    unwatch: () => poller.unwatch(fd),
    later: startTimer,
    warn,
  };
}

/** Those of this process. */
const SERVICE_COLOURS = new ServiceColours();

/**
 * Colours for people who look at a terminal and have not said that they want none. Source:
 * https://no-color.org.
 */
export function lineForm(service: string, fd: number): ServiceLineForm {
  const isColoured = isTerminal(fd) && !variable("NO_COLOR") && variable("TERM") !== "dumb";
  return isColoured ? { service, colour: SERVICE_COLOURS.of(service) } : { service };
}
