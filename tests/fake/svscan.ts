/**
 * s6-svscan's loop on a scan directory in memory, and what happens to it, told one after the other.
 */
import { encodePath } from "../../lib/core/text/path_bytes.ts";
import type { ScandirPort } from "../../lib/scandir/port.ts";
import { Scandir } from "../../lib/scandir/scandir.ts";
import type { ScandirOptions } from "../../lib/scandir/scandir_options.ts";
import { directories, FakeScandirPort, type FakeSupervisor } from "./scandir_port.ts";

const MAX_WAKES = 10_000;

export class Svscan {
  readonly port = new FakeScandirPort();
  readonly scandir: Scandir;
  /** Exceptions that nobody expects are a part of the test. */
  toleratesMishaps = false;
  /** How often it has said that the process is to leave. */
  leaves = 0;

  /** @param found what is in the scan directory; see `directories` */
  constructor(
    found: string,
    options: Partial<ScandirOptions> = {},
    disguise: (port: FakeScandirPort) => ScandirPort = (port) => port,
  ) {
    this.holds(found);
    this.scandir = new Scandir(disguise(this.port), {
      servicesMax: 1000,
      nameMax: 251,
      ...options,
      onLeave: () => this.leaves++,
    });
  }

  /** The first wake: all that is there is begun. */
  begin(): this {
    this.scandir.wake();
    return this.elapse(0);
  }

  #sound(): this {
    if (this.port.mishaps.length > 0 && !this.toleratesMishaps) {
      throw new Error(this.port.mishaps.join("; "));
    }
    return this;
  }

  /** What the scan directory holds from now on. */
  holds(found: string, unclear: readonly string[] = []): this {
    this.port.found = directories(found);
    this.port.unclear = unclear;
    return this;
  }

  /** Lets time pass; the timer wakes the loop at its moment. */
  elapse(durationMs: number): this {
    const { port } = this;
    const endMs = port.nowMs + durationMs;
    for (let count = 0; port.timerAtMs !== undefined && port.timerAtMs <= endMs; count++) {
      if (count > MAX_WAKES) throw new Error("the timer runs out again and again");
      port.nowMs = Math.max(port.nowMs, port.timerAtMs);
      port.timerAtMs = undefined;
      this.scandir.wake();
    }
    port.nowMs = endMs;
    return this.#sound();
  }

  /** Bytes on `.s6-svscan/control`. */
  send(bytes: string): this {
    for (const byte of encodePath(bytes)) this.scandir.command(byte);
    return this.#sound();
  }

  signal(name: string): this {
    this.scandir.signal(name);
    return this.#sound();
  }

  /** The supervisors that live now. */
  get alive(): FakeSupervisor[] {
    return this.port.supervisors.filter(({ alive }) => alive);
  }

  /** The one that was begun under this name and lives. */
  supervisor(name: string): FakeSupervisor {
    const supervisor = this.alive.find((one) => one.name === name);
    if (supervisor === undefined) throw new Error(`no supervisor of ${name} lives`);
    return supervisor;
  }

  /** These supervisors end, in this order. */
  end(...names: readonly string[]): this {
    for (const name of names) this.supervisor(name).end();
    return this.#sound();
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
}

/** One that has begun what the scan directory holds, with that forgotten. */
export function scanned(found: string, options: Partial<ScandirOptions> = {}): Svscan {
  const svscan = new Svscan(found, options).begin();
  svscan.done();
  return svscan;
}
