/**
 * The loop of s6-ipcserverd: a program for each connection to a Unix socket. Source: s6,
 * doc/s6-ipcserverd.html, conn-tools/s6-ipcserverd.c.
 */
import {
  SIGABRT,
  SIGCONT,
  SIGHUP,
  SIGKILL,
  signalName,
  SIGQUIT,
  SIGTERM,
} from "../core/linux/signals.ts";
import { wexitstatus, wifsignaled, wtermsig } from "../core/linux/wstat.ts";
import { LimitedListener } from "../files/limited_listener.ts";
import { checked, SyscallError } from "../libc/bind.ts";
import { Poller } from "../libc/epoll.ts";
import { close } from "../libc/file.ts";
import { kill } from "../libc/process.ts";
import { peerOf } from "../libc/socket/local.ts";
import type { Accepted } from "../libc/socket/stream_server.ts";
import { spawn } from "../libc/spawn.ts";
import { Reaper } from "../processes/reaper.ts";
import type { Connections } from "./core/connections.ts";

const STDIN = 0;
const STDOUT = 1;

export interface ServerOptions {
  readonly listenerFd: number;
  readonly connections: Connections;
  /** Tell the program who the client is, and count the connections of each user. */
  readonly looksUp: boolean;
  /** 0: say nothing; 1: what goes wrong; 2: everything. */
  readonly verbosity: number;
  readonly prog: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  info(text: string): void;
  warn(text: string): void;
}

/** Who is at the other end. */
interface Client {
  readonly uid: number;
  readonly gid: number;
}

const SOMEBODY: Client = { uid: 0, gid: 0 };

/** What each signal sends to the programs, and whether it ends the server. */
const SIGNAL_ACTIONS: Readonly<
  Record<number, { readonly sends: readonly number[]; readonly quits: boolean }>
> = {
  [SIGTERM]: { sends: [], quits: true },
  [SIGHUP]: { sends: [SIGTERM, SIGCONT], quits: false },
  [SIGQUIT]: { sends: [SIGTERM, SIGCONT], quits: true },
  [SIGABRT]: { sends: [SIGKILL], quits: true },
};

export class Server implements Disposable {
  readonly #options: ServerOptions;
  readonly #poller: Poller;
  readonly #reaper: Reaper;
  readonly #listener: LimitedListener;

  constructor(options: ServerOptions) {
    this.#options = options;
    const onMishap = (error: unknown): void => this.#report(error);
    this.#poller = new Poller({ onMishap });
    this.#reaper = new Reaper(this.#poller.portions, { onMishap });
    this.#listener = new LimitedListener({
      poller: this.#poller,
      fd: options.listenerFd,
      mayAccept: () => !options.connections.isFull,
      onClient: (client) => {
        this.#serve(client);
        close(client.fd); // its program has it now
      },
      onMishap,
    });
    this.#reaper.afterDeaths = () => this.#listener.update();
  }

  /** Serves until a signal says to end. @param onReady Called as soon as signals are received. */
  async run(onReady: () => void): Promise<void> {
    Deno.addSignalListener("SIGCHLD", () => this.#reaper.reap());
    for (const number of Object.keys(SIGNAL_ACTIONS).map(Number)) {
      Deno.addSignalListener(signalName(number) as Deno.Signal, () => this.#obey(number));
    }
    this.#tell("starting");
    this.#tellStatus();
    onReady();
    this.#listener.update();
    await this.#poller.run();
    this.#tell("exiting");
  }

  /** @throws {SyscallError} If the program can't be started, or the kernel tells nothing of the client. */
  #serve({ fd, remotePath }: Accepted): void {
    const { connections, looksUp, prog } = this.#options;
    const client = looksUp ? clientAt(fd) : SOMEBODY;
    const { uid } = client;
    if (!connections.admits(uid)) {
      this.#options.info(`deny ${this.#who(client)} count ${this.#countOf(uid)}`);
      return;
    }
    const pid = spawn({
      path: prog[0]!,
      searchPath: true,
      argv: prog,
      env: this.#environment(client, remotePath),
      fds: [[STDIN, fd], [STDOUT, fd]],
    });
    checked(`spawn ${prog[0]}`, pid);
    connections.begin(pid, uid);
    this.#reaper.own(pid, (wstat) => this.#onDeath(pid, wstat));
    this.#tell(`allow ${this.#who(client)} pid ${pid} count ${this.#countOf(uid)}`);
    this.#tellStatus();
  }

  #environment({ uid, gid }: Client, remotePath: string): string[] {
    const { connections, looksUp } = this.#options;
    const env = new Map(this.#options.env);
    env.set("PROTO", "IPC").set("IPCREMOTEPATH", remotePath);
    if (looksUp) {
      env.set("IPCREMOTEEUID", String(uid)).set("IPCREMOTEEGID", String(gid));
    } else {
      env.delete("IPCREMOTEEUID");
      env.delete("IPCREMOTEEGID");
    }
    env.set("IPCCONNNUM", looksUp ? String(connections.of(uid) + 1) : "");
    return Array.from(env, ([name, value]) => `${name}=${value}`);
  }

  #onDeath(pid: number, wstat: number): void {
    const uid = this.#options.connections.end(pid);
    const whose = this.#options.looksUp ? uid : "?";
    const how = wifsignaled(wstat) ? `signal ${wtermsig(wstat)}` : `exitcode ${wexitstatus(wstat)}`;
    this.#tell(`end pid ${pid} uid ${whose} ${how}`);
    this.#tellStatus();
  }

  #obey(signal: number): void {
    const { sends, quits } = SIGNAL_ACTIONS[signal]!;
    const { pids } = this.#options.connections;
    this.#tell(
      `received ${signalName(signal)}, ` + [
        ...(sends.length > 0
          ? [`sending ${sends.map(signalName).join("+")} to all connections`]
          : []),
        ...(quits ? ["quitting"] : []),
      ].join(" and "),
    );
    for (const each of sends) for (const pid of pids) kill(pid, each);
    if (quits) this.#poller.stop();
  }

  #who({ uid, gid }: Client): string {
    return this.#options.looksUp ? `${uid}:${gid}` : "?:?";
  }

  #countOf(uid: number): string {
    const { connections, looksUp } = this.#options;
    return `${looksUp ? connections.of(uid) : "?"}/${connections.limits.perUser}`;
  }

  #tellStatus(): void {
    const { count, limits } = this.#options.connections;
    this.#tell(`status: ${count}/${limits.total}`);
  }

  #tell(text: string): void {
    if (this.#options.verbosity >= 2) this.#options.info(text);
  }

  #report(error: unknown): void {
    if (!(error instanceof SyscallError)) throw error;
    if (this.#options.verbosity > 0) this.#options.warn(error.message);
  }

  [Symbol.dispose](): void {
    this.#poller[Symbol.dispose]();
  }
}

/** @throws {SyscallError} If the kernel does not tell. */
function clientAt(fd: number): Client {
  const peer = peerOf(fd);
  if (typeof peer === "number") throw new SyscallError("getpeereid", -peer);
  return peer;
}
