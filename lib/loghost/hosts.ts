/**
 * The log hosts of s6-svscan: one for each user that a logscript names, and for each file system
 * that may hang while everything else goes on. A log host starts with its first log and is told to
 * leave after its last one. A log with regular expressions that may delay others, or have done so,
 * gets its own. If a log host dies, each of its logs counts as dead. Their supervisors restart
 * them, as with processes, and the first to do so starts the next log host. s6-svscan holds the
 * pipes, so nothing in them is lost meanwhile.
 */
import type { LogHostReport, LogId } from "./core/log_host_protocol.ts";
import { LOG_HOST_VERSION } from "./core/log_host_protocol.ts";
import type { LogScript } from "../logdir/core/log_script.ts";
import { parseLoggerCommand } from "../logdir/core/logger_command.ts";
import { parseLogscriptFile } from "../logdir/core/logscript_file.ts";
import { decodePath } from "../core/text/path_bytes.ts";
import { SIGHUP, SIGKILL } from "../core/linux/signals.ts";
import { Mishaps } from "../mishap/mishaps.ts";
import type { HostedLog, HostedLogOrder, LogHosting } from "../supervise/log_hosting.ts";
import type { HeldHost, HeldHosts } from "./core/held_hosts.ts";
import { isRisky } from "./core/pattern_risk.ts";
import type { HostEvents, HostProcess, Identity, LogHostsPort } from "./port.ts";

/** A running log host, and its logs. */
interface Host {
  readonly user: string;
  readonly process: HostProcess;
  readonly logs: Map<LogId, HostedLogOrder>;
  /** It serves only one log. */
  readonly isOwn: boolean;
  /** It has been asked for its counts, and has not told them yet. */
  isAsked: boolean;
}

/**
 * The key of the log host that keeps output: it is ours by its user, and no file system or pattern
 * sets it apart.
 */
const KEEPING = "@";

/** What it writes is to be found nowhere but in the container's output. */
function goesToOutputAlone({ stanzas }: LogScript): boolean {
  const actions = stanzas.flatMap((stanza) => stanza.actions);
  return actions.length > 0 && actions.every(({ kind }) => kind === "container");
}

function keyOf(identity: Identity | undefined): string {
  return identity === undefined
    ? ""
    : `${identity.uid}:${identity.gid}:${identity.groups.join(",")}`;
}

/** Identifies a log with this script. If the script is edited, it counts as another log. */
function ownKeyOf({ service, logscript }: HostedLogOrder): string {
  return `${service}|${decodePath(logscript)}`;
}

export class LogHosts implements LogHosting {
  readonly #port: LogHostsPort;
  readonly #hosts = new Map<string, Host>();
  /** The last warning of each log host; kept to print the same warning only once. */
  readonly #complaints = new Map<string, string>();
  /** Logs that have delayed others. */
  readonly #slow = new Set<string>();
  #lastId: LogId = 0;
  #keeps = false;
  #foreignVersion: number | undefined;

  readonly #mishaps: Mishaps;

  constructor(port: LogHostsPort) {
    this.#port = port;
    this.#mishaps = new Mishaps((text) => port.warn(text));
  }

  start(order: HostedLogOrder): HostedLog {
    const { user, words } = parseLogscriptFile(order.logscript);
    const command = parseLoggerCommand(words);
    const isRisk = isRisky(command);
    if (this.#foreignVersion !== undefined) {
      throw new SyntaxError(
        `the program's file has been replaced: its log host speaks version ${this.#foreignVersion} of the protocol, ` +
          `not ${LOG_HOST_VERSION}; restart s6-svscan`,
      );
    }
    const identity = user === undefined ? undefined : this.#port.identityOf(user);
    const own = ownKeyOf(order);
    const place = this.#port.fileSystemsOf(command.script, order.directoryFd);
    // on other file systems we might hang
    if (place === "") this.#port.makeLogdirs?.(command.script, order.directoryFd, identity);
    const key = `${keyOf(identity)}@${place}${isRisk || this.#slow.has(own) ? `|${own}` : ""}`;
    const host = this.#hosts.get(key) ?? this.#launch(key, identity, user ?? "");
    const id = ++this.#lastId;
    host.logs.set(id, order);
    const { onKeeping } = this.#port;
    const keeps = onKeeping !== undefined && key === KEEPING && goesToOutputAlone(command.script);
    if (keeps) {
      this.#keeps = true;
      onKeeping();
    }
    const { service, stderrIsConsole, ownOutput = false, inputFd, directoryFd } = order;
    try {
      host.process.send({
        kind: "start",
        order: { id, service, stderrIsConsole, ownOutput, keeps, words },
      }, [inputFd, directoryFd]);
    } catch (error) {
      this.#mishaps.survives(() => this.#abandon(host, id)); // nobody would be told of its end
      throw error;
    }
    return this.#logOf(key, host, id);
  }

  #logOf(key: string, host: Host, id: LogId): HostedLog {
    return {
      pid: host.process.pid,
      place: { host: key, id },
      signal: (signal) => this.#signal(host, id, signal),
      readRest: () => host.process.send({ kind: "readRest", id }),
      abandon: () => this.#abandon(host, id),
    };
  }

  goOn(order: HostedLogOrder, { host: key, id }: HostedLog["place"]): HostedLog {
    const host = this.#hosts.get(key);
    if (host === undefined) throw new Error(`log host ${key} was not handed over`);
    host.logs.set(id, order);
    return this.#logOf(key, host, id);
  }

  /** What another program in this process needs to go on; or why it can't now, in words. */
  handOver(): HeldHosts | string {
    const all: HeldHost[] = [];
    for (const [key, { user, process: { pid, socketFd } }] of this.#hosts) {
      if (socketFd === undefined) return "a log host is too busy";
      all.push({ key, user, pid, socketFd });
    }
    return { lastId: this.#lastId, slow: [...this.#slow], keeps: this.#keeps, all };
  }

  /** Goes on with those of an earlier program in this process; their logs come later. */
  goOnWith({ lastId, slow, keeps, all }: HeldHosts): void {
    this.#lastId = lastId;
    for (const key of slow) this.#slow.add(key);
    this.#keeps = keeps;
    if (keeps) this.#port.onKeeping?.();
    for (const { key, user, pid, socketFd } of all) {
      this.#connect(key, user, (events) => this.#port.goOn(pid, socketFd, events));
    }
  }

  releaseOutput(): void {
    for (const { process } of this.#hosts.values()) {
      this.#mishaps.survives(() => process.send({ kind: "releaseOutput" }));
    }
  }

  /**
   * Has somebody served who asks for what is kept of services' output (lib/keptoutput).
   *
   * @param fd The connection, which we close
   */
  serveReader(fd: number): void {
    const host = this.#hosts.get(KEEPING);
    if (host === undefined) this.#port.close(fd); // nobody has written anything
    else host.process.send({ kind: "reader" }, [fd]);
  }

  /**
   * Has each log host tell what it has counted. One that still owes an answer is left out: it may
   * hang, and questions would pile up.
   *
   * @param fd The connection, which stays the caller's
   */
  tellCounts(fd: number): void {
    for (const host of this.#hosts.values()) {
      if (host.isAsked) continue;
      const copy = this.#port.copy(fd);
      if (copy < 0) continue; // no descriptor is left: its counts are missing
      host.isAsked = true;
      this.#mishaps.survives(() => host.process.send({ kind: "counts" }, [copy]));
    }
  }

  /**
   * A log host with only this log may be too busy to receive SIGKILL for it, so the process itself
   * is killed.
   */
  #signal({ process, isOwn }: Host, id: LogId, signal: number): void {
    if (isOwn && signal === SIGKILL) process.kill();
    else process.send({ kind: "signal", id, signal });
  }

  #launch(key: string, identity: Identity | undefined, user: string): Host {
    const host = this.#connect(key, user, (events) => this.#port.launch(identity, events));
    host.process.send({ kind: "hello", version: LOG_HOST_VERSION });
    return host;
  }

  #connect(key: string, user: string, begin: (events: HostEvents) => HostProcess): Host {
    const logs = new Map<LogId, HostedLogOrder>();
    const process = begin({
      onReport: (report) => this.#report(key, host, report),
      onDeath: (wstat) => this.#died(key, host, wstat),
    });
    const host: Host = { user, process, logs, isOwn: key.includes("|"), isAsked: false };
    this.#hosts.set(key, host);
    return host;
  }

  #report(key: string, host: Host, report: LogHostReport): void {
    if (report.kind === "hello") return this.#greet(host, report.version);
    if (report.kind === "counted") {
      host.isAsked = false;
      return;
    }
    if (report.kind === "warning" && report.id === 0) return this.#complain(key, host, report.text);
    const order = host.logs.get(report.id);
    if (order === undefined) return; // abandoned
    switch (report.kind) {
      case "ready":
        this.#complaints.delete(key);
        return order.onReady();
      case "warning":
        return order.warn(report.text);
      case "slow":
        return host.isOwn ? undefined : this.#splitOff(host, report.id, order);
      case "ended":
        host.logs.delete(report.id);
        this.#mishaps.survives(() => order.onEnd(report.wstat, report.reason));
        return this.#leaveIfIdle(key, host);
      default:
        return report satisfies never;
    }
  }

  /** Ends the log after its current line. When it is started again, it gets its own log host. */
  #splitOff({ process }: Host, id: LogId, order: HostedLogOrder): void {
    this.#slow.add(ownKeyOf(order));
    order.warn("its regular expressions take long: it goes on in a process of its own");
    process.send({ kind: "signal", id, signal: SIGHUP });
  }

  #greet({ process }: Host, version: number): void {
    if (version === LOG_HOST_VERSION) return;
    this.#foreignVersion = version;
    process.kill();
  }

  #complain(key: string, { user }: Host, text: string): void {
    if (this.#complaints.get(key) === text) return;
    this.#complaints.set(key, text);
    this.#port.warn(`log host${user === "" ? "" : ` of user ${user}`}: ${text}`);
  }

  #died(key: string, host: Host, wstat: number): void {
    this.#hosts.delete(key);
    const orders = [...host.logs.values()];
    host.logs.clear();
    for (const order of orders) this.#mishaps.survives(() => order.onEnd(wstat, ""));
  }

  #abandon(host: Host, id: LogId): void {
    host.process.unsend(id);
    host.logs.delete(id);
  }

  /** Waits one microtask, because a log that has ended may be restarted in an earlier one. */
  #leaveIfIdle(key: string, host: Host): void {
    if (host.logs.size > 0) return;
    queueMicrotask(() => {
      if (host.logs.size > 0 || this.#hosts.get(key) !== host) return;
      this.#hosts.delete(key);
      host.process.leave();
    });
  }
}
