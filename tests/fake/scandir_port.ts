/**
 * A scan directory in memory: directories that the test lists, supervisors that end when it says
 * so, pipes that are numbers and are counted. What s6-svscan does is recorded: `begin web/log stdin
 * 100`, `TERM web`, `close 101`, `warn ...`.
 */
import { Portions } from "../../lib/libc/portions.ts";
import type { FoundService, ScanResult } from "../../lib/scandir/core/scandir.ts";
import type { Event, State } from "../../lib/supervise/core/machine.ts";
import { newMachine } from "../../lib/supervise/core/machine.ts";
import { SyscallError } from "../../lib/libc/bind.ts";
import type { Pipe } from "../../lib/libc/fd.ts";
import type {
  OutputLog,
  PortListing,
  ScandirPort,
  SuperviseRequest,
  SupervisorHandle,
} from "../../lib/scandir/port.ts";

const FIRST_FD = 100;

/** `web:d2+l2 db:d1`: a directory d2 called web with its log/ l2, and d1 called db. */
export function directories(words: string): FoundService[] {
  return words.split(" ").filter((word) => word !== "").map((word) => {
    const [name = "", both = ""] = word.split(":");
    const [devino = "", log] = both.split("+");
    return log === undefined ? { name, devino } : { name, devino, log };
  });
}

export class FakeSupervisor implements SupervisorHandle {
  readonly service: SuperviseRequest;
  /** The name that it was begun with. */
  readonly name: string;
  readonly state: State = "UP";
  readonly status = newMachine({ monotonicMs: 0, wallclock: { sec: 0n, nano: 0 } }, true).status;
  readonly pid = 0;
  unasked = true;
  readonly begunAtMs: number;
  /** What it was told, in order. */
  readonly told: Event[] = [];
  alive = true;
  readonly #port: FakeScandirPort;

  constructor(port: FakeScandirPort, service: SuperviseRequest) {
    this.#port = port;
    this.service = service;
    this.name = service.name;
    this.begunAtMs = port.nowMs;
  }

  handle(event: Event): void {
    this.#port.done.push(`${event} ${this.name}`);
    this.told.push(event);
    if (!this.alive) throw new Error(`${event} to the supervisor of ${this.name}, which has ended`);
    if (this.#port.endsAtOnce.has(this.name)) this.end();
  }

  becameReady(): void {
    this.#port.done.push(`ready ${this.name}`);
  }

  handOver(): string {
    return "there is nothing behind it";
  }

  keep(): void {}

  /** @param essentialCode what the last life of an essential service has ended with */
  end(essentialCode?: number): void {
    this.alive = false;
    this.service.onEnd(essentialCode);
  }
}

export class FakeScandirPort implements ScandirPort {
  /** What is in the directory now. */
  found: readonly FoundService[] = [];
  unclear: readonly string[] = [];
  warnings: readonly string[] = [];
  /** In so many portions it is looked at. */
  lookPortions = 1;
  /** Portions of work that wait for their turn. */
  readonly turns: (() => void)[] = [];
  readonly portions = new Portions((turn) => this.turns.push(turn));
  readonly done: string[] = [];
  nowMs = 7_000_000;
  timerAtMs: number | undefined;
  /** All that were ever begun, the newest last. */
  readonly supervisors: FakeSupervisor[] = [];
  /** Services whose supervisor ends while it is told to: nothing runs. */
  readonly endsAtOnce = new Set<string>();
  readonly openFds = new Set<number>();
  /** How many supervisors had been begun whenever the start was said to be over. */
  readonly settledAt: number[] = [];
  /** Read ends of pipes in which something waits. */
  readonly unread = new Set<number>();
  /** Logs of output that have been told to end, and how they do. */
  readonly outputEnds = new Map<string, () => void>();
  /** Executables in `.s6-svscan`. */
  readonly signalPrograms = new Set<string>();
  /** What fails now, and how. */
  readonly faults: { list?: number; pipe?: number; supervise?: Error } = {};
  #nextFd = FIRST_FD;

  monotonicMs(): number {
    return this.nowMs;
  }

  list(): PortListing {
    this.done.push("scan");
    if (this.faults.list !== undefined) {
      throw new SyscallError("open directory .", this.faults.list);
    }
    const result: ScanResult = {
      found: this.found,
      unclear: this.unclear,
      warnings: this.warnings,
    };
    let left = this.lookPortions;
    return { next: () => --left > 0 ? undefined : result };
  }

  pipe(): Pipe {
    if (this.faults.pipe !== undefined) throw new SyscallError("create a pipe", this.faults.pipe);
    const ends = { readFd: this.#nextFd++, writeFd: this.#nextFd++ };
    this.openFds.add(ends.readFd).add(ends.writeFd);
    this.done.push(`pipe ${ends.readFd} ${ends.writeFd}`);
    return ends;
  }

  /** The pipes that a former s6-svscan has left, by the name of their producer. */
  readonly formerPipes = new Map<string, Pipe>();

  formerPipe(producer: string): Pipe | undefined {
    const ends = this.formerPipes.get(producer);
    if (ends === undefined) return undefined;
    this.openFds.add(ends.readFd).add(ends.writeFd);
    this.done.push(`former pipe ${ends.readFd} ${ends.writeFd}`);
    return ends;
  }

  close(fd: number): void {
    if (!this.openFds.delete(fd)) throw new Error(`${fd} is closed, and it is not open`);
    this.done.push(`close ${fd}`);
  }

  hasUnread(readFd: number): boolean {
    if (!this.openFds.has(readFd)) throw new Error(`${readFd} is looked at, and it is not open`);
    return this.unread.has(readFd);
  }

  logOutput(service: string, readFd: number, onEnd: () => void): OutputLog {
    this.done.push(`output of ${service} from ${readFd}`);
    const end = (): void => {
      this.done.push(`output of ${service} ends`);
      this.outputEnds.set(service, () => {
        this.close(readFd);
        onEnd();
      });
    };
    return { end };
  }

  supervise(service: SuperviseRequest): SupervisorHandle {
    if (this.faults.supervise !== undefined) throw this.faults.supervise;
    if (
      this.supervisors.some(({ alive, service: other }) => alive && other.stdio === service.stdio)
    ) {
      throw new Error(`${service.name} is begun, and it has a supervisor`);
    }
    const { stdin, stdout, stderr } = service.stdio;
    const given = [["stdin", stdin], ["stdout", stdout], ["stderr", stderr]] as const;
    this.done.push(
      ["begin", service.name, ...given.flatMap(([word, fd]) => fd === undefined ? [] : [word, fd])]
        .join(" "),
    );
    const supervisor = new FakeSupervisor(this, service);
    this.supervisors.push(supervisor);
    return supervisor;
  }

  setTimer(atMs: number | undefined): void {
    this.timerAtMs = atMs;
  }

  runSignalProgram(signal: string): boolean {
    if (!this.signalPrograms.has(signal)) return false;
    this.done.push(`program ${signal}`);
    return true;
  }

  settle(): void {
    this.settledAt.push(this.supervisors.length);
  }

  releaseOutput(): void {
    this.done.push("output released");
  }

  reap(): void {
    this.done.push("reap");
  }

  /**
   * What was thrown that nobody should throw: by this world too, whose rules are kept by throwing.
   */
  readonly mishaps: string[] = [];

  warn(text: string): void {
    if (text.startsWith("internal error")) this.mishaps.push(text);
    this.done.push(`warn ${text}`);
  }
}
