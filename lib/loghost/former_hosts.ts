/**
 * Takes the pipes over from the log hosts that a killed s6-svscan has left. They would go on to the
 * end of their input, with the log directories locked. Here their pipes are held first, then they
 * are told to end after the line that they are reading; what they have not read stays in the pipes.
 *
 * Until new log hosts read them, a child holds them too: this process may be killed as well, and a
 * pipe that nobody holds for reading is the end of whoever writes into it.
 */
import { SIGTERM } from "../core/linux/signals.ts";
import { monotonicMs } from "../libc/clock.ts";
import { isReady, type Pipe, poll, POLLIN } from "../libc/fd.ts";
import { SyscallError } from "../libc/bind.ts";
import { close } from "../libc/file.ts";
import { pidfdOpen, pidfdSendSignal } from "../libc/pidfd.ts";
import { getpid } from "../libc/process.ts";
import { holdPipes, splitEnds } from "../procfs/pipes.ts";
import { readProcess } from "../procfs/processes.ts";
import { isLiving } from "../supervise/core/leftovers.ts";
import { isStartedBetween } from "../supervise/core/takeover.ts";
import type { HostRecord } from "./host_record.ts";
import { keepPipes, type PipeKeeper, type TakingOver } from "./pipe_keeper.ts";

/** One that is still at a line, or at a hung disk, after this keeps its pipes. */
const PATIENCE_MS = 1000;
/** It obeys once it has seen that s6-svscan has gone. */
const TELL_AGAIN_MS = 20;

interface FormerHost {
  readonly pid: number;
  readonly pidfd: number;
  /** Descriptors that hold the pipes it has, by inode. */
  readonly pipes: Map<string, number>;
}

/** Those that live, and are not our children: another program in this process began those. */
function holdAll(record: HostRecord): FormerHost[] {
  return record.former.flatMap((life) => {
    const pidfd = pidfdOpen(life.pid);
    const process = pidfd < 0 ? undefined : readProcess(life.pid);
    const lives = process !== undefined && isLiving(process) && isStartedBetween(process, life);
    if (!lives) record.ended(life.pid);
    if (lives && process.ppid !== getpid()) {
      return [{ pid: life.pid, pidfd, pipes: holdPipes(life.pid) }];
    }
    if (pidfd >= 0) close(pidfd);
    return [];
  });
}

function closeAll(pipes: Map<string, number>): void {
  for (const fd of pipes.values()) close(fd);
  pipes.clear();
}

/** Pipes that nobody reads any more, and what is unread in them. */
export class FormerPipes {
  readonly #pipes: Map<string, number>;
  readonly #keeper: PipeKeeper | undefined;

  constructor(pipes: Map<string, number>, keeper: PipeKeeper | undefined) {
    this.#pipes = pipes;
    this.#keeper = keeper;
  }

  /** Both ends of the pipe with this inode, if it is one of them: they are the caller's. */
  take(inode: string): Pipe | undefined {
    const fd = this.#pipes.get(inode);
    if (fd === undefined) return undefined;
    this.#pipes.delete(inode);
    return splitEnds(fd);
  }

  /**
   * Those that are read have their log hosts now. The pipes of services that are gone have nobody
   * who could write into them.
   */
  release(): void {
    this.#keeper?.release();
    closeAll(this.#pipes);
  }
}

/**
 * Ends the log hosts that a former s6-svscan has left, and waits for their ends, a second at most.
 *
 * @returns Their pipes; of one that has not ended none
 */
export function endFormerHosts(world: TakingOver): FormerPipes {
  const { record } = world;
  const hosts = holdAll(record);
  const keeper = keeperOf(hosts, world);
  const untilMs = monotonicMs() + PATIENCE_MS;
  const isAlive = ({ pidfd }: FormerHost): boolean => !isReady(pidfd, POLLIN);
  for (let alive = hosts; alive.length > 0 && monotonicMs() < untilMs;) {
    for (const { pidfd } of alive) pidfdSendSignal(pidfd, SIGTERM);
    poll(alive.map(({ pidfd }) => ({ fd: pidfd, events: POLLIN })), TELL_AGAIN_MS);
    alive = alive.filter(isAlive);
  }
  const freed = new Map<string, number>();
  const kept = new Set(hosts.filter(isAlive).flatMap(({ pipes }) => [...pipes.keys()]));
  for (const host of hosts) {
    if (!isAlive(host)) record.ended(host.pid);
    close(host.pidfd);
    for (const [inode, fd] of host.pipes) {
      if (kept.has(inode) || freed.has(inode)) close(fd);
      else freed.set(inode, fd);
    }
  }
  return new FormerPipes(freed, keeper);
}

/** Without it all goes well, too, unless we are killed just now. */
function keeperOf(hosts: readonly FormerHost[], world: TakingOver): PipeKeeper | undefined {
  const pipes = hosts.flatMap((host) => [...host.pipes.values()]);
  if (pipes.length === 0) return undefined;
  try {
    return keepPipes(pipes, world);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    world.warn(error.message);
    return undefined;
  }
}
