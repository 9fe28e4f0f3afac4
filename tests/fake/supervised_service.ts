/**
 * A supervisor on a service directory in memory, and what happens to it, told one after the other.
 */
import type { Death } from "../../lib/servicedir/core/dtally.ts";
import { unpackDtally } from "../../lib/servicedir/core/dtally.ts";
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { Event } from "../../lib/supervise/core/machine.ts";
import type { Ongoing } from "../../lib/supervise/core/ongoing.ts";
import type { SupervisePort } from "../../lib/supervise/port.ts";
import { Supervisor } from "../../lib/supervise/supervisor.ts";
import { FakeSupervisePort, type Operation } from "./supervise_port.ts";

const MAX_TIMEOUTS = 10_000;

export class SupervisedService {
  readonly port: FakeSupervisePort;
  /** Exceptions that nobody expects are a part of the test. */
  toleratesMishaps = false;
  readonly supervisor: Supervisor;
  /** How often the supervisor has said that it is over. */
  ends = 0;
  /** What it has said about the last life of an essential service. */
  lastCode: number | undefined;
  /** Its health is being checked. */
  isChecked = false;
  /** The exit codes with which it has taken everybody along. */
  readonly essentialEnds: number[] = [];
  /** What its starts, and its ways to readiness, have taken. */
  readonly startTimes: number[] = [];
  readonly readyTimes: number[] = [];

  /**
   * @param files of the service directory, by name; there is no ./finish unless it is among them
   * @param disguise what the supervisor sees of the port
   */
  constructor(
    files: Readonly<Record<string, string>> = {},
    disguise: (port: FakeSupervisePort) => SupervisePort = (port) => port,
  ) {
    this.port = new FakeSupervisePort(files);
    this.supervisor = new Supervisor(disguise(this.port), "db", {
      onEnd: (code) => {
        this.ends++;
        this.lastCode = code;
      },
      watchHealth: () => ({
        counts: { success: 0, failure: 0, unable: 0, seconds: 0 },
        follow: (_, runs) => {
          if (this.isChecked !== runs) this.port.done.push(runs ? "checks" : "no checks");
          this.isChecked = runs;
        },
      }),
      onStart: (tookMs) => this.startTimes.push(tookMs),
      onReady: (tookMs) => this.readyTimes.push(tookMs),
      onEssentialEnd: (code) => this.essentialEnds.push(code),
    });
  }

  begin(): this {
    this.supervisor.begin();
    return this.#sound();
  }

  /** It goes on where an earlier supervisor was. */
  resume(ongoing: Ongoing): this {
    if (ongoing.child !== undefined) this.port.goOnWith(ongoing.child);
    this.supervisor.resume(ongoing);
    return this.#sound();
  }

  #sound(): this {
    if (this.port.mishaps.length > 0 && !this.toleratesMishaps) {
      throw new Error(this.port.mishaps.join("; "));
    }
    return this;
  }

  /** Lets time pass; timers that run out do so at their moment. */
  elapse(durationMs: number): this {
    const { port } = this;
    const endMs = port.nowMs + durationMs;
    for (let count = 0; port.timerAtMs !== undefined && port.timerAtMs <= endMs; count++) {
      if (count > MAX_TIMEOUTS) throw new Error("a timer runs out again and again");
      port.nowMs = Math.max(port.nowMs, port.timerAtMs);
      port.timerAtMs = undefined;
      this.supervisor.handle("TIMEOUT");
    }
    port.nowMs = endMs;
    return this.#sound();
  }

  /** Bytes on the control FIFO. */
  send(bytes: string): this {
    for (const byte of encodePath(bytes)) this.supervisor.command(byte);
    return this.#sound();
  }

  /** A signal to the supervisor. */
  signal(name: Extract<Event, "TERM" | "HUP" | "QUIT" | "INT">): this {
    this.supervisor.handle(name);
    return this.#sound();
  }

  /** The process that lives is dead, with this wait status. */
  die(wstat: number): this {
    if (this.port.livePid === undefined) throw new Error("nothing lives that could die");
    this.port.livePid = undefined;
    this.supervisor.childDied(wstat);
    return this.#sound();
  }

  /** The process that lives exits. */
  exit(code: number): this {
    return this.die(code << 8);
  }

  /** The process that lives dies of a signal. */
  dieOf(signal: number): this {
    return this.die(signal);
  }

  /** So many of what ./run has left live now. */
  leftovers(living: number): this {
    this.port.leftovers(living);
    return this.#sound();
  }

  /** The service writes its newline. */
  ready(): this {
    this.supervisor.becameReady();
    return this;
  }

  write(name: string, content: string): this {
    this.port.files.set(name, encodePath(content));
    return this;
  }

  remove(name: string): this {
    this.port.files.delete(name);
    return this;
  }

  fail(operation: Operation, errno: number): this {
    this.port.fail(operation, errno);
    return this;
  }

  /** The spawns of a program fail from now on, or no longer. */
  refuse(program: "run" | "finish", reason: string | undefined): this {
    if (reason === undefined) delete this.port.refusals[program];
    else this.port.refusals[program] = reason;
    return this;
  }

  /** What was done since this was last asked. */
  done(): string[] {
    return this.port.done.splice(0);
  }

  /** Of `done`, what begins with one of these words. */
  did(...words: readonly string[]): string[] {
    return this.done().filter((entry) =>
      words.some((word) => entry === word || entry.startsWith(`${word} `))
    );
  }

  get deaths(): Death[] {
    return unpackDtally(this.port.files.get("supervise/death_tally") ?? new Uint8Array());
  }
}

/** A service that has been begun, with what that did forgotten. */
export function running(files: Readonly<Record<string, string>> = {}): SupervisedService {
  const service = new SupervisedService(files).begin();
  service.done();
  return service;
}
