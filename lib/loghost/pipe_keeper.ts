/**
 * A child that holds pipes for reading, and reads nothing, until it is told that others do. If this
 * process is killed before, it goes on as long as somebody can write into one of them; the next
 * s6-svscan finds it as a log host of this one.
 */
import { O_RDONLY, O_RDWR } from "../core/linux/open_flags.ts";
import { SyscallError } from "../libc/bind.ts";
import { bootUs } from "../libc/clock.ts";
import { pipe, poll, POLLHUP, POLLIN } from "../libc/fd.ts";
import { close, open, read, write } from "../libc/file.ts";
import { spawn } from "../libc/spawn.ts";
import type { Reaper } from "../processes/reaper.ts";
import type { LogHostWorld } from "./host_process.ts";
import type { HostRecord } from "./host_record.ts";

/** The argument of a log host that is nothing else; the number of its pipes follows. */
export const KEEP = "keep";

/** What tells it to end, and its first pipe. */
const RELEASE_FD = 3;
const FIRST_FD = 4;
/** What poll passes over. */
const NONE = -1;

/** What is needed to take over. */
export interface TakingOver extends Pick<LogHostWorld, "logHost" | "warn"> {
  readonly record: HostRecord;
  readonly reaper: Reaper;
}

export interface PipeKeeper {
  release(): void;
}

/**
 * @param held Descriptors that hold both ends of the pipes
 * @throws {SyscallError} If it can't be started.
 */
export function keepPipes(
  held: readonly number[],
  { logHost, reaper, record }: TakingOver,
): PipeKeeper {
  const opened: number[] = [];
  const { readFd, writeFd } = pipe();
  try {
    opened.push(open("/dev/null", O_RDWR));
    for (const fd of held) opened.push(open(`/proc/self/fd/${fd}`, O_RDONLY));
    const [nullFd, ...ends] = opened;
    const fds = [[0, nullFd!], [RELEASE_FD, readFd]] as const;
    const kept = ends.map((fd, i): [number, number] => [FIRST_FD + i, fd]);
    const fromUs = bootUs();
    const pid = spawn({
      ...logHost([KEEP, String(held.length)]),
      fds: [...fds, ...kept],
      newSession: true,
      oomScore: "ours",
    });
    if (pid < 0) throw new SyscallError("start a process that holds pipes", -pid);
    record.began(pid, fromUs);
    reaper.own(pid, () => record.ended(pid));
  } catch (error) {
    close(writeFd);
    throw error;
  } finally {
    for (const fd of [readFd, ...opened]) close(fd);
  }
  const release = (): void => {
    write(writeFd, new Uint8Array(1)); // its end alone would say that we were killed
    close(writeFd);
  };
  return { release };
}

/** What that child does. */
export function stayWithPipes(count: number): void {
  const fds = Array.from({ length: count }, (_, i) => FIRST_FD + i);
  const isHungUp = (revents: number): boolean => (revents & POLLHUP) !== 0;
  for (let ours: number = RELEASE_FD; fds.length > 0;) {
    const requests = [{ fd: ours, events: POLLIN }, ...fds.map((fd) => ({ fd, events: 0 }))];
    const [release = 0, ...ends] = poll(requests, -1);
    if (release !== 0) {
      if (isReleased()) return;
      ours = NONE; // its s6-svscan was killed
    }
    ends.forEach((revents, i) => {
      if (isHungUp(revents)) fds[i] = NONE;
    });
    if (ours === NONE && fds.every((fd) => fd === NONE)) return;
  }
}

function isReleased(): boolean {
  return read(RELEASE_FD, new Uint8Array(1)) === 1;
}
