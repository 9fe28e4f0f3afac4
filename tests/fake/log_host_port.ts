/**
 * Log hosts in memory: what s6-svscan's side asks of them is recorded (`launch 1 nobody`, `1 start
 * 1 web`, `1 signal 1 14`), and the test says what they report and when they die.
 */
import type { LogScript } from "../../lib/logdir/core/log_script.ts";
import type { LogHostReport, LogHostRequest } from "../../lib/loghost/core/log_host_protocol.ts";
import { decodeRequest, encodeRequest } from "../../lib/loghost/core/log_host_protocol.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import type { HostEvents, HostProcess, Identity, LogHostsPort } from "../../lib/loghost/port.ts";

const FIRST_PID = 500;

export class FakeHostProcess implements HostProcess {
  readonly pid: number;
  readonly #port: FakeLogHostsPort;
  readonly #events: HostEvents;
  alive = true;

  constructor(pid: number, port: FakeLogHostsPort, events: HostEvents) {
    this.pid = pid;
    this.#port = port;
    this.#events = events;
  }

  get socketFd(): number {
    return 10 * this.pid;
  }

  send(request: LogHostRequest, fds: readonly number[] = []): void {
    if (!this.alive) throw new Error(`a message to ${this.pid}, which is dead`);
    const sent = decodeRequest(encodeRequest(request));
    this.#port.done.push(
      `${this.pid} ${wordsOf(sent)}${fds.length === 0 ? "" : ` with ${fds.join(" ")}`}`,
    );
  }

  unsend(id: number): void {
    this.#port.done.push(`${this.pid} unsend ${id}`);
  }

  leave(): void {
    this.alive = false;
    this.#port.done.push(`${this.pid} leave`);
  }

  kill(): void {
    this.#port.done.push(`${this.pid} kill`);
  }

  report(report: LogHostReport): void {
    this.#events.onReport(report);
  }

  die(wstat: number): void {
    this.alive = false;
    this.#events.onDeath(wstat);
  }
}

function wordsOf(request: LogHostRequest): string {
  if (request.kind === "hello") return "hello";
  if (request.kind === "signal") return `signal ${request.id} ${request.signal}`;
  if (request.kind === "readRest") return `read rest ${request.id}`;
  if (request.kind === "releaseOutput") return "releaseOutput";
  if (request.kind === "reader" || request.kind === "counts") return request.kind;
  const { id, service, stderrIsConsole, ownOutput, keeps, words } = request.order;
  return [
    `start ${id} ${service}`,
    ...(stderrIsConsole ? ["on the console"] : []),
    ...(ownOutput ? ["to our output"] : []),
    ...(keeps ? ["kept"] : []),
    ":",
    ...words,
  ]
    .join(" ");
}

export class FakeLogHostsPort implements LogHostsPort {
  readonly done: string[] = [];
  readonly hosts: FakeHostProcess[] = [];
  readonly identities: Record<string, Identity | undefined> = {
    nobody: { uid: 65534, gid: 65534, groups: [65534] },
    ourselves: undefined,
  };
  launchFault: number | undefined;
  /** The file system of each log directory, where it isn't the root's. */
  readonly fileSystems: Record<string, string> = {};

  fileSystemsOf({ logdirs }: LogScript): string {
    return logdirs.flatMap(({ path }) => this.fileSystems[path] ?? []).join("+");
  }

  identityOf(user: string): Identity | undefined {
    if (!(user in this.identities)) throw new SyntaxError(`there is no user ${user}`);
    return this.identities[user];
  }

  goOn(pid: number, socketFd: number, events: HostEvents): HostProcess {
    const host = new FakeHostProcess(pid, this, events);
    this.hosts.push(host);
    this.done.push(`go on with ${pid} at ${socketFd}`);
    return host;
  }

  launch(identity: Identity | undefined, events: HostEvents): HostProcess {
    if (this.launchFault !== undefined) {
      throw new SyscallError("start a log host", this.launchFault);
    }
    const host = new FakeHostProcess(FIRST_PID + this.hosts.length, this, events);
    this.hosts.push(host);
    this.done.push(`launch ${host.pid}${identity === undefined ? "" : ` as ${identity.uid}`}`);
    return host;
  }

  readonly onKeeping = (): void => {};
  /** What a copy of a descriptor is; negative: there is none left. */
  nextCopy = 90;

  copy(fd: number): number {
    this.done.push(`copy ${fd}`);
    return this.nextCopy < 0 ? this.nextCopy : this.nextCopy++;
  }

  close(fd: number): void {
    this.done.push(`close ${fd}`);
  }

  warn(text: string): void {
    this.done.push(`warn ${text}`);
  }
}
