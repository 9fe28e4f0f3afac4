/** ServiceHealth in a world in memory: it follows a service's status, one check at a time. */
import { assert, assertEquals } from "@std/assert";
import { ServiceHealth } from "../../../lib/health/service_health.ts";
import type { HealthPort } from "../../../lib/health/port.ts";
import type { Svstatus } from "../../../lib/servicedir/core/svstatus.ts";
import { FakeHealthPort } from "../../fake/health_port.ts";

const SETTINGS = {
  check: { kind: "run" },
  rules: {
    intervalMs: 10_000,
    timeoutMs: 2000,
    retries: 2,
    startPeriodMs: 0,
    startIntervalMs: 1000,
    reaction: "restart",
  },
} as const;
const UP: Svstatus = {
  stamp: { sec: 1000n, nano: 0 },
  readystamp: { sec: 1000n, nano: 0 },
  pid: 77,
  wstat: 0,
  flagpaused: false,
  flagfinishing: false,
  flagwantup: true,
  flagready: false,
};

class World {
  readonly port = new FakeHealthPort(SETTINGS);
  readonly health = new ServiceHealth(this.port);

  constructor() {
    this.health.follow(UP, true);
  }

  /** Until the timer has run out. */
  timeout(): this {
    const { port } = this;
    assert(port.timerAtMs !== undefined, "no timer");
    port.nowMs = Math.max(port.nowMs, port.timerAtMs);
    port.timerAtMs = undefined;
    this.health.timeout();
    return this;
  }

  fails(): this {
    this.timeout();
    this.port.end!({ kind: "failure", why: "exit code 1" });
    return this;
  }

  succeeds(): this {
    this.timeout();
    this.port.end!({ kind: "success" });
    return this;
  }

  /** What has been done since the last call. */
  done(): string[] {
    return this.port.done.splice(0);
  }
}

Deno.test("health: a service that starts is checked, and found healthy", () => {
  const w = new World().succeeds();
  assertEquals(w.done(), ["settings", "record starting", "check", "record healthy", "event H"]);
  assertEquals(w.succeeds().done(), ["check"]); // nothing is written as long as nothing changes
});

Deno.test("health: an unhealthy service is restarted, and its next life begins anew", () => {
  const w = new World().succeeds().fails();
  w.done();
  w.port.onReact = () => w.health.follow(UP, false); // the supervisor stops it at once
  w.fails();
  assertEquals(w.done(), [
    "check",
    "record unhealthy",
    "event h",
    "warn the service is unhealthy: exit code 1, 2 times in a row (restarting it)",
    "react restart",
  ]);
  assertEquals(w.port.timerAtMs, undefined);
  w.health.follow({ ...UP, pid: 78 }, true);
  assertEquals(w.done(), ["settings", "record starting"]);
});

Deno.test("health: one check at a time, also where one outlives its end and its service", () => {
  const w = new World();
  w.port.diesAtOnce = false;
  w.timeout().timeout();
  assertEquals(w.done().slice(2), ["check", "record starting", "give up"]);
  w.timeout();
  assertEquals(w.done(), []); // it is due, and waits
  w.health.follow(UP, false);
  w.health.follow({ ...UP, pid: 78 }, true);
  w.timeout();
  assertEquals(w.done(), ["settings", "record starting"]);
  w.port.goneAtLast!();
  assertEquals(w.done(), ["check"]);
});

Deno.test("health: nothing is checked while the service is paused, stopping or down", () => {
  const w = new World().timeout();
  w.done();
  w.health.follow({ ...UP, flagpaused: true }, true);
  assertEquals([w.done(), w.port.timerAtMs], [["give up"], undefined]);
  w.health.follow(UP, true);
  assertEquals(w.succeeds().done(), ["check", "record healthy", "event H"]);
  w.health.follow(UP, false);
  assertEquals([w.done(), w.port.timerAtMs], [[], undefined]);
});

Deno.test("health: a service that tells that it is ready is checked soon", () => {
  const w = new World();
  w.health.follow({ ...UP, flagready: true }, true);
  assertEquals(w.port.timerAtMs, 50);
});

Deno.test("health: a status that says nothing new changes nothing", () => {
  const w = new World();
  const before = w.port.timerAtMs;
  w.health.follow({ ...UP, flagwantup: false }, true);
  assertEquals([w.done(), w.port.timerAtMs], [["settings", "record starting"], before]);
});

Deno.test("health: a life without settings is not checked; the next one is", () => {
  const w = new World();
  w.port.found = undefined;
  w.health.follow({ ...UP, pid: 78 }, true);
  assertEquals(w.port.timerAtMs, undefined);
  w.port.found = SETTINGS;
  w.health.follow({ ...UP, pid: 79 }, true);
  w.done();
  assertEquals(w.succeeds().done(), ["check", "record healthy", "event H"]);
});

const CALLS: readonly (keyof HealthPort)[] = [
  "moment",
  "settings",
  "begin",
  "setTimer",
  "record",
  "notify",
  "react",
];
for (const name of CALLS) {
  Deno.test(`health: a throw that nobody expects in ${name}: it is told, and checks go on`, () => {
    const w = new World();
    w.port.broken.add(name);
    for (let round = 0; round < 8; round++) {
      if (round === 4) w.health.follow({ ...UP, pid: 80 }, true);
      if (w.port.timerAtMs !== undefined) w.timeout();
      w.port.end?.({ kind: round < 4 ? "failure" : "success", why: "exit code 1" });
    }
    assertEquals(w.port.broken.size, 0, "it was not called");
    assert(w.done().includes(`mishap ${name} is broken`));
    w.health.follow({ ...UP, pid: 81 }, true);
    w.done();
    assertEquals(w.succeeds().done(), ["check", "record healthy", "event H"]);
  });
}

Deno.test("checks are counted by how they end, with the time that they took", () => {
  const world = new World();
  world.timeout();
  world.port.nowMs += 250;
  world.port.end!({ kind: "success" });
  world.timeout();
  world.port.nowMs += 500;
  world.port.end!({ kind: "failure", why: "exit code 1" });
  world.timeout();
  world.port.end!({ kind: "unable", why: "no process" });
  assertEquals(world.health.counts, { success: 1, failure: 1, unable: 1, seconds: 0.75 });
  world.timeout().timeout(); // begun, and its time is up
  assertEquals(world.health.counts, { success: 1, failure: 2, unable: 1, seconds: 2.75 });
});
