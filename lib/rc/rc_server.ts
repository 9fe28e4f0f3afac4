/**
 * Everything that s6-svscan does for s6-rc: it adopts live folders that s6-rc-init has made and
 * serves the requests that arrive in each of them. Loaded on the first connection.
 */
import { EXIT_IMPOSSIBLE, EXIT_SYSTEM, EXIT_USAGE } from "../core/cli/exit_codes.ts";
import { EXIT_INVALID, EXIT_UNKNOWN } from "./core/exit_codes.ts";
import { SyscallError } from "../libc/bind.ts";
import { startTimer } from "../fifodir/timer.ts";
import { close } from "../libc/file.ts";
import { realPath } from "../libc/cwd.ts";
import type { ScandirProcess, ServiceCompanion } from "../scandir/scandir_process.ts";
import type { Stdio } from "../supervise/port.ts";
import type { LiveSources } from "./apply.ts";
import { ChangeSeries } from "./change_series.ts";
import type { Client, Underway } from "./connection.ts";
import { Connection, reporterFor } from "./connection.ts";
import type { ServiceNumber } from "./core/database.ts";
import { resolveName } from "./core/database.ts";
import { fatal } from "./core/lines.ts";
import type {
  AdoptCommand,
  ApplyCommand,
  ChangeCommand,
  ReloadCommand,
  Request,
  RestartCommand,
  UpdateCommand,
} from "./core/protocol.ts";
import { LIVE_SOCKET, readLiveFacts, readState } from "./live_folder.ts";
import { LiveSet } from "./live_set.ts";
import { readUnlocked } from "./read_compiled.ts";
import { Listener } from "../files/listener.ts";
import { listenIn } from "../files/sockets.ts";
import { beginUpdate } from "./update.ts";

/** A request that can't be served: the message and the exit code. */
class Refusal extends Error {
  constructor(readonly code: number, text: string) {
    super(text);
  }
}

interface Member {
  readonly set: LiveSet;
  listener: Listener;
  /** Undefined: the services come from a compiled database. */
  sources: LiveSources | undefined;
  /** Requests with several changes run one after the other, behind this one. */
  last: Promise<void>;
}

export class RcServer implements ServiceCompanion {
  readonly #process: ScandirProcess;
  readonly #warn: (text: string) => void;
  readonly #members: Member[] = [];
  readonly #connections = new Set<Connection>();

  /** @param warn Prints a warning in s6-rc's name */
  constructor(process: ScandirProcess, warn: (text: string) => void) {
    this.#process = process;
    this.#warn = warn;
    process.companion = this;
  }

  onEvents(name: string, events: string): void {
    for (const { set } of this.#members) set.onEvents(name, events);
  }

  onUnspawnable(name: string, code: number, reason: string): void {
    for (const { set } of this.#members) set.onUnspawnable(name, code, reason);
  }

  worksOn(name: string): boolean {
    return this.#members.some(({ set }) => set.worksOn(name));
  }

  givenStdio(name: string, pipeFd: number | undefined): Stdio | undefined {
    for (const { set } of this.#members) {
      const stdio = set.givenStdio(name, pipeFd);
      if (stdio !== undefined) return stdio;
    }
    return undefined;
  }

  /**
   * Adds a set of services whose live folder exists. It takes requests from now on. @throws
   * {SyscallError} If it can't.
   */
  add(set: LiveSet, folder: string, onSupervised: () => void, sources?: LiveSources): void {
    const listener = this.#listen(set, folder);
    const member: Member = { set, listener, sources, last: Promise.resolve() };
    this.#members.push(member);
    try {
      set.begin(onSupervised);
    } catch (error) {
      this.#members.splice(this.#members.indexOf(member), 1);
      listener.close();
      set.end();
      throw error;
    }
  }

  #listen(set: LiveSet, folder: string): Listener {
    return new Listener({
      poller: this.#process.poller,
      fd: listenIn(folder, LIVE_SOCKET),
      whom: "a client of s6-rc",
      onClient: (fd, pid) => this.#take(fd, pid, set),
      warn: this.#warn,
    });
  }

  /** Serves a client that asks us to adopt a live folder. */
  takeInit(fd: number, pid: number): void {
    this.#take(fd, pid, undefined);
  }

  #take(fd: number, pid: number, set: LiveSet | undefined): void {
    try {
      const connection: Connection = new Connection({
        fd,
        poller: this.#process.poller,
        pid,
        serve: (request, client) => this.#serve(request, client, set),
        onClose: () => this.#connections.delete(connection),
      });
      this.#connections.add(connection);
    } catch (error) {
      if (!(error instanceof SyscallError)) throw error;
      this.#warn(error.message);
      close(fd);
    }
  }

  #serve(
    request: Exclude<Request, { readonly command: "cancel" }>,
    client: Client,
    set: LiveSet | undefined,
  ): Underway | undefined {
    try {
      if (request.command === "adopt" && set === undefined) return this.#adopt(request, client);
      if (set === undefined || request.command === "adopt") {
        throw new Refusal(
          EXIT_USAGE,
          `a request for ${request.command} has come to the wrong place`,
        );
      }
      if (request.command === "update") return this.#update(request, client, set);
      if (request.command === "apply") return this.#apply(request, client, set);
      if (request.command === "restart") return this.#restart(request, client, set);
      return request.command === "change"
        ? change(request, client, set)
        : reload(request, client, set);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const isKnown = error instanceof Refusal || error instanceof SyscallError;
      client.say(fatal(isKnown ? text : `internal error: ${text}`));
      client.end(error instanceof Refusal ? error.code : isKnown ? EXIT_SYSTEM : EXIT_IMPOSSIBLE);
      return undefined;
    }
  }

  #adopt({ live, timeoutMs }: AdoptCommand, client: Client): Underway | undefined {
    const folder = realPath(live);
    const { compiled, scandir, prefix } = readLiveFacts(folder);
    const database = readUnlocked(compiled);
    if ("problem" in database) throw new Refusal(database.exitCode, database.problem);
    const states = readState(folder, database);
    if (states === undefined) {
      throw new Refusal(EXIT_INVALID, `unable to read valid state in ${live}/state`);
    }
    const set = new LiveSet({
      process: this.#process,
      live,
      folder,
      scandir,
      prefix,
      database,
      states,
      warn: this.#warn,
    });
    this.add(set, folder, () => client.end(0));
    return patience(client, timeoutMs);
  }

  #update(request: UpdateCommand, client: Client, set: LiveSet): Underway {
    refuseOneshots(client, set, "update");
    const member = this.#memberOf(set);
    return beginUpdate(request, client, set, (folder) => {
      member.sources = undefined;
      this.#follow(member, folder);
    });
  }

  #memberOf(set: LiveSet): Member {
    return this.#members.find((each) => each.set === set)!;
  }

  /** The live folder has been replaced: listens for clients in the new one. */
  #follow(member: Member, folder: string): void {
    const old = member.listener;
    member.listener = this.#listen(member.set, folder);
    old.close();
  }

  /** Runs a request with several changes after those before it have ended. */
  #inTurn(
    { timeoutMs, verbosity }: { readonly timeoutMs: number; readonly verbosity: number },
    client: Client,
    member: Member,
    work: (series: ChangeSeries) => Promise<number>,
  ): Underway {
    const { set } = member;
    const { requester } = requesterOf(set, client.pid);
    const warn = this.#warn;
    const series = new ChangeSeries({ client, set, timeoutMs, verbosity, requester, warn });
    member.last = member.last.then(() => series.serve(() => work(series)));
    return series;
  }

  #apply(request: ApplyCommand, client: Client, set: LiveSet): Underway {
    const member = this.#memberOf(set);
    if (!request.dryRun) refuseOneshots(client, set, "apply new sources to");
    return this.#inTurn(request, client, member, async (series) => {
      const { sources } = member;
      if (sources === undefined) {
        series.fail(
          `the services of ${request.live} come from a compiled database, and not from sources: compile these again with s6-rc-compile, and then s6-rc-update -l ${request.live} NEWDB`,
        );
        return EXIT_USAGE;
      }
      const { applySources } = await import("./apply.ts");
      return await applySources(series, {
        sources,
        dryRun: request.dryRun,
        onMove: (folder) => this.#follow(member, folder),
      });
    });
  }

  #restart(request: RestartCommand, client: Client, set: LiveSet): Underway {
    const member = this.#memberOf(set);
    return this.#inTurn(request, client, member, async (series) => {
      const { restartWithDependants } = await import("./restart_dependants.ts");
      const isSpared = member.sources?.isSpared ?? ((): boolean => false);
      return await restartWithDependants(series, request.names, isSpared);
    });
  }

  /** Ends everything: no client is served after this. */
  end(): void {
    for (const { set, listener } of this.#members) {
      listener.close();
      set.end();
    }
    for (const connection of this.#connections) connection.close();
  }
}

/** Refuses oneshots: one would wait for a change that waits for the oneshot, so for ever. */
function refuseOneshots(client: Client, set: LiveSet, what: string): void {
  if (set.system.scripts.ownerOf(client.pid) === undefined) return;
  throw new Refusal(EXIT_SYSTEM, `a oneshot can't ${what} the services: it would wait for itself`);
}

/** Tells the client that its time is up; the change continues. */
function patience(client: Client, timeoutMs: number): Underway {
  const timer = timeoutMs === 0 ? undefined : startTimer(timeoutMs, () => {
    client.say(fatal("unable to supervise service directories: Connection timed out"));
    client.end(EXIT_SYSTEM);
  });
  const stop = (): void => timer?.[Symbol.dispose]();
  return { cancel: stop, vanish: stop };
}

function numbersOf(set: LiveSet, names: readonly string[], live: string): ServiceNumber[] {
  return names.flatMap((name) => {
    const numbers = resolveName(set.database, name);
    if (numbers === undefined) {
      throw new Refusal(
        EXIT_UNKNOWN,
        `${name} is not a recognized identifier in ${live}/resolve.cdb`,
      );
    }
    return numbers;
  });
}

function requesterOf(set: LiveSet, pid: number): { readonly requester?: ServiceNumber } {
  const requester = set.system.scripts.ownerOf(pid);
  return requester === undefined ? {} : { requester };
}

/**
 * As in C, which has no state but this file: a change is refused if the file is missing or too
 * short.
 */
function checkState(set: LiveSet, live: string): void {
  let states: ReturnType<typeof readState>;
  try {
    states = readState(set.folder, set.database);
  } catch (error) {
    if (!(error instanceof SyscallError)) throw error;
    throw new Refusal(EXIT_SYSTEM, `unable to read ${live}/state: ${error.reason}`);
  }
  if (states === undefined) {
    throw new Refusal(EXIT_INVALID, `unable to read valid state in ${live}/state`);
  }
}

function change(request: ChangeCommand, client: Client, set: LiveSet): Underway {
  const { direction, names, live, all, forced, prune, timeoutMs, verbosity } = request;
  checkState(set, live);
  const named = numbersOf(set, names, live);
  const id = set.loop.change(
    { direction, named, live: all, forced, prune, timeoutMs, ...requesterOf(set, client.pid) },
    reporterFor(client, verbosity),
  );
  return { cancel: (signal) => set.loop.cancel(id, signal), vanish: () => set.loop.vanish(id) };
}

function reload(
  { names, live, all, timeoutMs, verbosity }: ReloadCommand,
  client: Client,
  set: LiveSet,
): Underway {
  checkState(set, live);
  const named = numbersOf(set, names, live);
  const id = set.loop.reload(
    { named, live: all, timeoutMs, ...requesterOf(set, client.pid) },
    reporterFor(client, verbosity),
  );
  return { cancel: (signal) => set.loop.cancel(id, signal), vanish: () => set.loop.vanish(id) };
}
