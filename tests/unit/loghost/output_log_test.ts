/**
 * The log of what a service without a logger writes: it is begun again when it dies, and it reads
 * to the end.
 */
import { assertEquals } from "@std/assert";
import { EAGAIN } from "../../../lib/core/linux/errno.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { OutputLog } from "../../../lib/loghost/output_log.ts";
import type { OutputForm } from "../../../lib/logreader/core/service_line.ts";
import type { HostedLog, HostedLogOrder } from "../../../lib/supervise/log_hosting.ts";

class World {
  readonly done: string[] = [];
  /** The log that runs. */
  order: HostedLogOrder | undefined;
  fault: Error | undefined;
  unread = false;
  nowMs = 5000;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  readonly log: OutputLog;

  constructor(form: OutputForm = { kind: "name" }) {
    this.log = new OutputLog({
      hosting: {
        start: (order) => this.#start(order),
        goOn: (order) => this.#start(order),
        releaseOutput: () => {},
      },
      directoryFd: 9,
      monotonicMs: () => this.nowMs,
      later: (delayMs, callback) => this.#later(delayMs, callback),
      hasUnread: () => this.unread,
      close: (fd) => this.done.push(`close ${fd}`),
      warn: (text) => this.done.push(`warn ${text}`),
    }, { service: "web", form, readFd: 7, onEnd: () => this.done.push("end") });
  }

  #start(order: HostedLogOrder): HostedLog {
    if (this.fault !== undefined) throw this.fault;
    this.done.push(
      `start ${order.service} ${new TextDecoder().decode(order.logscript)} from ${order.inputFd}`,
    );
    this.order = order;
    return {
      pid: 1,
      place: { host: "@", id: 1 },
      signal: () => {},
      readRest: () => this.done.push("readRest"),
      abandon: () => {},
    };
  }

  #later(delayMs: number, callback: () => void): Disposable {
    const timer = { atMs: this.nowMs + delayMs, callback };
    this.#timers.push(timer);
    return { [Symbol.dispose]: () => this.#timers = this.#timers.filter((one) => one !== timer) };
  }

  elapse(ms: number): this {
    this.nowMs += ms;
    const due = this.#timers.filter(({ atMs }) => atMs <= this.nowMs);
    this.#timers = this.#timers.filter(({ atMs }) => atMs > this.nowMs);
    for (const { callback } of due) callback();
    return this;
  }

  die(wstat: number, reason = ""): this {
    this.order!.onEnd(wstat, reason);
    return this;
  }

  did(): string[] {
    return this.done.splice(0);
  }
}

Deno.test("it begins at once, as text, as JSON or with the time of day", () => {
  assertEquals([
    new World().did(),
    new World({ kind: "json" }).did(),
    new World({ kind: "time", width: 9 }).did(),
  ], [["start web o from 7"], ["start web oj from 7"], ["start web ot9 from 7"]]);
});

Deno.test("it is begun again one second after it was last begun, at once if that is longer ago", () => {
  const world = new World();
  world.did();
  assertEquals(world.elapse(200).die(9).elapse(799).did(), []);
  assertEquals(world.elapse(1).did(), ["start web o from 7"]);
  assertEquals(world.elapse(60_000).die(9).elapse(0).did(), ["start web o from 7"]);
});

Deno.test("one that can't be begun: said once, tried every second", () => {
  const world = new World();
  world.did();
  world.fault = new SyscallError("start a log host", EAGAIN);
  world.elapse(5000).die(9).elapse(0).elapse(1000).elapse(1000);
  assertEquals(world.did(), [
    "warn unable to start a log host: Resource temporarily unavailable (trying again every second)",
  ]);
  world.fault = undefined;
  assertEquals(world.elapse(1000).did(), ["start web o from 7"]);
});

Deno.test("the end: it reads what is left, then closes the pipe", () => {
  const world = new World();
  world.did();
  world.log.end();
  world.unread = true; // by somebody who still holds the pipe
  assertEquals([world.did(), world.die(0).did()], [["readRest"], ["close 7", "end"]]);
});

Deno.test("the end of one that is dead: another reads what is left; there is no end of it before", () => {
  const world = new World();
  world.unread = true;
  world.die(9).did();
  world.log.end();
  assertEquals(world.did(), ["start web o from 7", "readRest"]);
  world.unread = false;
  assertEquals(world.die(0).elapse(10_000).did(), ["close 7", "end"]);
});

Deno.test("the end of one that is dead, with nothing left", () => {
  const world = new World();
  world.die(9).did();
  world.log.end();
  assertEquals(world.elapse(10_000).did(), ["close 7", "end"]);
});

Deno.test("at the end it dies again and again: it is given up", () => {
  const world = new World();
  world.unread = true;
  world.did();
  world.log.end();
  for (let i = 0; i < 4; i++) world.die(9);
  assertEquals(world.did().filter((entry) => !entry.startsWith("start") && entry !== "readRest"), [
    "close 7",
    "end",
  ]);
});
