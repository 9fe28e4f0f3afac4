/**
 * Takes the pipes over from the log hosts that a killed s6-svscan has left. They would go on to the
 * end of their input, with the log directories locked. Here their pipes are held first, then they
 * are told to end after the line that they are reading; what they have not read stays in the pipes.
 */
import { SIGTERM } from "../core/linux/signals.ts";
import { monotonicMs } from "../libc/clock.ts";
import { isReady, type Pipe, poll, POLLIN } from "../libc/fd.ts";
import { close } from "../libc/file.ts";
import { pidfdOpen, pidfdSendSignal } from "../libc/pidfd.ts";
import { getpid } from "../libc/process.ts";
import { holdPipes, splitEnds } from "../procfs/pipes.ts";
import { readProcess } from "../procfs/processes.ts";
import { isLiving } from "../supervise/core/leftovers.ts";
import { isStartedBetween } from "../supervise/core/takeover.ts";
import type { HostLife } from "./core/host_record.ts";

/** One that is still at a line, or at a hung disk, after this keeps its pipes. */
const PATIENCE_MS = 1000;
/** It obeys once it has seen that s6-svscan has gone. */
const TELL_AGAIN_MS = 20;

interface FormerHost {
  readonly pidfd: number;
  /** Descriptors that hold the pipes it has, by inode. */
  readonly pipes: Map<string, number>;
}

/** Undefined if it has ended, or is our child: another program in this process began it. */
function hold(life: HostLife): FormerHost | undefined {
  const pidfd = pidfdOpen(life.pid);
  if (pidfd < 0) return undefined;
  const process = readProcess(life.pid);
  if (
    process !== undefined && isLiving(process) && process.ppid !== getpid() &&
    isStartedBetween(process, life)
  ) return { pidfd, pipes: holdPipes(life.pid) };
  close(pidfd);
  return undefined;
}

function closeAll(pipes: Map<string, number>): void {
  for (const fd of pipes.values()) close(fd);
  pipes.clear();
}

/** Pipes that nobody reads any more, and what is unread in them. */
export class FormerPipes {
  readonly #pipes: Map<string, number>;

  constructor(pipes: Map<string, number>) {
    this.#pipes = pipes;
  }

  /** Both ends of the pipe with this inode, if it is one of them: they are the caller's. */
  take(inode: string): Pipe | undefined {
    const fd = this.#pipes.get(inode);
    if (fd === undefined) return undefined;
    this.#pipes.delete(inode);
    return splitEnds(fd);
  }

  /** The pipes of services that are gone have nobody who could write into them. */
  release(): void {
    closeAll(this.#pipes);
  }
}

/**
 * Ends the log hosts that a former s6-svscan has left, and waits for their ends, a second at most.
 *
 * @returns Their pipes; of one that has not ended none
 */
export function endFormerHosts(lives: readonly HostLife[]): FormerPipes {
  const hosts = lives.map(hold).filter((host) => host !== undefined);
  const untilMs = monotonicMs() + PATIENCE_MS;
  const isAlive = ({ pidfd }: FormerHost): boolean => !isReady(pidfd, POLLIN);
  for (let alive = hosts; alive.length > 0 && monotonicMs() < untilMs;) {
    for (const { pidfd } of alive) pidfdSendSignal(pidfd, SIGTERM);
    poll(alive.map(({ pidfd }) => ({ fd: pidfd, events: POLLIN })), TELL_AGAIN_MS);
    alive = alive.filter(isAlive);
  }
  const freed = new Map<string, number>();
  const kept = new Set(hosts.filter(isAlive).flatMap(({ pipes }) => [...pipes.keys()]));
  for (const { pidfd, pipes } of hosts) {
    close(pidfd);
    for (const [inode, fd] of pipes) {
      if (kept.has(inode) || freed.has(inode)) close(fd);
      else freed.set(inode, fd);
    }
  }
  return new FormerPipes(freed);
}
