/** s6-svscan's side of a log host: a process of this program, and the socket to it. */
import type { LogHostReport, LogHostRequest } from "./core/log_host_protocol.ts";
import { decodeReport, encodeRequest } from "./core/log_host_protocol.ts";
import { scoresWord } from "../core/linux/oom_score_adj.ts";
import { SIGKILL } from "../core/linux/signals.ts";
import { SyscallError } from "../libc/bind.ts";
import { bootUs } from "../libc/clock.ts";
import type { Poller } from "../libc/epoll.ts";
import { O_RDWR } from "../core/linux/open_flags.ts";
import { dupAbove } from "../libc/fd.ts";
import { close, open } from "../libc/file.ts";
import { oomScores } from "../libc/oom_score.ts";
import { packetSocketPair } from "../libc/socket/packet.ts";
import { kill } from "../libc/process.ts";
import { spawn } from "../libc/spawn.ts";
import type { Reaper } from "../processes/reaper.ts";
import { Channel } from "./channel.ts";
import { FileSystems } from "./file_systems.ts";
import type { HostRecord } from "./host_record.ts";
import { identityOf } from "./identity.ts";
import { makeLogdirs } from "./logdir_making.ts";
import type { HostEvents, HostProcess, Identity, LogHostsPort } from "./port.ts";

/** The descriptors that a log host inherits, in addition to standard output and error. */
export const CHANNEL_FD = 3;
export const CONSOLE_FD = 4;
export const CONTAINER_FD = 5;

export interface LogHostWorld {
  readonly poller: Poller;
  readonly reaper: Reaper;
  /** The console, if it is neither standard output nor standard error. */
  readonly consoleFd?: number | undefined;
  /** The container's standard output, if that is neither. */
  readonly containerFd?: number | undefined;
  /**
   * The command that runs this program as a log host, with these arguments; `env` absent: our
   * environment.
   */
  logHost(
    args: readonly string[],
  ): { readonly path: string; readonly argv: readonly string[]; readonly env?: readonly string[] };
  /** Where the next s6-svscan finds them. */
  readonly record?: HostRecord;
  /** See LogHostsPort. */
  readonly onKeeping?: () => void;
  warn(text: string): void;
}

/**
 * The arguments of a log host: our values of oom_score_adj, or nothing if we have not changed them;
 * and UID, GID and groups, if it runs as another user. cmd/log/log_host.ts parses them.
 */
function hostArguments(identity: Identity | undefined): string[] {
  const scores = oomScores();
  const whom = identity === undefined
    ? []
    : [String(identity.uid), String(identity.gid), identity.groups.join(",")];
  return [scores === undefined ? "" : scoresWord(scores), ...whom];
}

class SpawnedHost implements HostProcess {
  readonly pid: number;
  readonly #channel: Channel;
  readonly #socketFd: number;

  /** @param socketFd Our end, which we close */
  constructor(
    pid: number,
    socketFd: number,
    { poller, reaper, record }: LogHostWorld,
    events: HostEvents,
  ) {
    this.pid = pid;
    this.#socketFd = socketFd;
    let left = false;
    this.#channel = new Channel(socketFd, poller, {
      onPacket: (packet, fds) => {
        fds.forEach(close);
        const report = this.#decode(packet);
        if (report !== undefined) events.onReport(report);
      },
      onEnd: () => this.kill(), // it is dying or broken: it can't be reached any more
    });
    this.leave = () => {
      left = true;
      this.#channel.close();
    };
    reaper.own(pid, (wstat) => {
      record?.ended(pid);
      if (left) return;
      this.#channel.readAll();
      this.#channel.close();
      events.onDeath(wstat);
    });
  }

  readonly leave: () => void;

  #decode(packet: Uint8Array): LogHostReport | undefined {
    try {
      return decodeReport(packet);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.kill();
      return undefined;
    }
  }

  send(request: LogHostRequest, fds: readonly number[] = []): void {
    this.#channel.send(
      encodeRequest(request),
      fds,
      "order" in request ? request.order.id : "id" in request ? request.id : 0,
      request.kind === "reader" || request.kind === "counts",
    );
  }

  get socketFd(): number | undefined {
    return this.#channel.unsentCount > 0 ? undefined : this.#socketFd;
  }

  unsend(id: number): void {
    this.#channel.unsend(id);
  }

  kill(): void {
    kill(this.pid, SIGKILL);
  }
}

export function logHostsPort(world: LogHostWorld): LogHostsPort {
  const fileSystems = new FileSystems();
  return {
    identityOf,
    fileSystemsOf: (script, directoryFd) => fileSystems.of(script, directoryFd),
    makeLogdirs,
    close,
    copy: (fd) => dupAbove(fd, 0),
    ...(world.onKeeping === undefined ? {} : { onKeeping: world.onKeeping }),
    warn: world.warn,
    goOn: (pid, socketFd, events) => new SpawnedHost(pid, socketFd, world, events),
    launch: (identity, events) => {
      const [ours, theirs] = packetSocketPair();
      const nullFd = open("/dev/null", O_RDWR);
      try {
        const fds: [number, number][] = [[0, nullFd], [CHANNEL_FD, theirs]];
        if (world.consoleFd !== undefined) fds.push([CONSOLE_FD, world.consoleFd]);
        if (world.containerFd !== undefined) fds.push([CONTAINER_FD, world.containerFd]);
        const fromUs = bootUs();
        const pid = spawn({
          ...world.logHost(hostArguments(identity)),
          fds,
          newSession: true,
          oomScore: "ours",
        });
        if (pid < 0) throw new SyscallError("start a log host", -pid);
        world.record?.began(pid, fromUs);
        return new SpawnedHost(pid, ours, world, events);
      } catch (error) {
        close(ours);
        throw error;
      } finally {
        close(theirs);
        close(nullFd);
      }
    },
  };
}
