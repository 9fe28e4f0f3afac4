/**
 * What C does not have: soft wishes, order, conditions of dependencies, restarts together,
 * conditions, start failures.
 */
import { assertEquals } from "@std/assert";
import type { Sketch } from "../../fake/rc_database.ts";
import { rcDatabase } from "../../fake/rc_database.ts";
import { RcWorld } from "../../fake/rc_world.ts";

function world(sketch: Sketch): RcWorld {
  return new RcWorld(rcDatabase(sketch));
}

Deno.test("wants.d: started too, and waited for", () => {
  const w = world({ app: { oneshot: true, wants: ["cache"] }, cache: { tellsReadiness: true } });
  w.change("up", ["app"]);
  w.settle();
  assertEquals(w.done, ["order up cache", "run up app", "end 1 0"]);
});

Deno.test("wants.d: a failure is no obstacle, and no failure of the change; its end neither", () => {
  const w = world({ app: { oneshot: true, wants: ["cache"] }, cache: { oneshot: true } });
  w.scripts.set("up cache", { code: 1, afterMs: 20 });
  w.change("up", ["app"]);
  w.settle();
  assertEquals([w.done, w.ends.get(1)], [["run up cache", "run up app", "end 1 0"], 0]);
  assertEquals(
    w.said.includes("1 s6-rc: warning: unable to start service cache: command exited 1"),
    true,
  );
  w.scripts.clear();
  w.change("up", ["cache"]);
  w.settle();
  w.change("down", ["cache"]);
  w.settle();
  assertEquals(w.up, ["app"]);
});

Deno.test("after.d: order if both are started, reversed when both are stopped, and no reason to start", () => {
  const w = world({ a: { oneshot: true, after: ["z"] }, z: { oneshot: true } });
  w.scripts.set("up z", { code: 0, afterMs: 20 }).set("down a", { code: 0, afterMs: 20 });
  w.change("up", ["a", "z"]);
  w.settle();
  w.change("down", ["a", "z"]);
  w.settle();
  w.change("up", ["a"]);
  w.settle();
  assertEquals(w.done, [
    "run up z",
    "run up a",
    "end 1 0",
    "run down a",
    "run down z",
    "end 2 0",
    "run up a",
    "end 3 0",
  ]);
});

Deno.test("order that leads in a circle is no reason to wait", () => {
  const w = world({ a: { oneshot: true, after: ["b"] }, b: { oneshot: true, after: ["a"] } });
  w.change("up", ["a", "b"]);
  w.settle();
  w.change("down", ["a", "b"]);
  w.settle();
  assertEquals([w.ends.get(1), w.ends.get(2), w.up], [0, 0, []]);
});

Deno.test("a dependency that only has to be started is not waited for until it is ready", () => {
  const w = world({ web: { needs: ["db:started"] }, db: { tellsReadiness: true } });
  w.longruns.set("db", { afterMs: 1000 });
  w.change("up", ["web"]);
  w.pass(100);
  assertEquals(w.up, ["web"]);
  w.settle();
  assertEquals(w.up, ["db", "web"]);
});

Deno.test("a dependency that has to be completed is waited for until it has exited with 0", () => {
  const w = world({ web: { needs: ["migrate:completed"] }, migrate: {} });
  w.change("up", ["web"]);
  w.pass(100);
  w.news("migrate", { kind: "died", exitCode: 1 });
  w.news("migrate", { kind: "spawned" });
  assertEquals([w.up, w.ends.size], [["migrate"], 0]);
  w.news("migrate", { kind: "died", exitCode: 0 });
  w.settle();
  assertEquals([w.up, w.ends.get(1)], [["migrate", "web"], 0]);
});

Deno.test("a dependency that has to be completed and ends for good with a failure blocks", () => {
  const w = world({ web: { needs: ["migrate:completed"] }, migrate: {} });
  w.change("up", ["web"]);
  w.pass(100);
  w.news("migrate", { kind: "died", exitCode: 1 });
  w.news("migrate", { kind: "over" });
  w.settle();
  assertEquals([w.up, w.ends.get(1), w.said.at(-1)], [
    ["migrate"],
    1,
    "1 s6-rc: warning: not started because of migrate: web",
  ]);
});

const HEALTHY: Sketch = { web: { needs: ["db:healthy"] }, db: { checksHealth: true } };

Deno.test("a dependency that has to be healthy is waited for until its checks say so", () => {
  const w = world(HEALTHY);
  w.change("up", ["web"]);
  w.pass(100);
  assertEquals([w.up, w.ends.size], [["db"], 0]);
  w.news("db", { kind: "healthy" });
  w.settle();
  assertEquals([w.up, w.ends.get(1)], [["db", "web"], 0]);
});

Deno.test("a dependency that is found unhealthy blocks, and no longer when it is healthy again", () => {
  const w = world(HEALTHY);
  w.change("up", ["web"]);
  w.pass(100);
  w.news("db", { kind: "unhealthy" });
  w.settle();
  assertEquals([w.up, w.ends.get(1), w.said.at(-1)], [
    ["db"],
    1,
    "1 s6-rc: warning: not started because of db: web",
  ]);
  w.news("db", { kind: "healthy" });
  w.change("up", ["web"]);
  w.settle();
  assertEquals([w.up, w.ends.get(2)], [["db", "web"], 0]);
});

Deno.test("health is that of the present process: after a death it has to be found again", () => {
  const w = world(HEALTHY);
  w.change("up", ["db"]);
  w.settle();
  w.news("db", { kind: "healthy" });
  w.news("db", { kind: "died", exitCode: 1 });
  w.news("db", { kind: "spawned" });
  w.change("up", ["web"]);
  w.pass(100);
  assertEquals([w.up, w.ends.has(2)], [["db"], false]);
  w.news("db", { kind: "healthy" });
  w.settle();
  assertEquals([w.up, w.ends.get(2)], [["db", "web"], 0]);
});

Deno.test("a dependency that has to be healthy and has no checks, or is a oneshot, has to be ready", () => {
  const w = world({
    web: { needs: ["db:healthy", "init:healthy"] },
    db: {},
    init: { oneshot: true },
  });
  w.change("up", ["web"]);
  w.settle();
  assertEquals([w.up, w.ends.get(1)], [["db", "init", "web"], 0]);
});

Deno.test("a wait for health is no standstill, whatever soft order there is", () => {
  const w = world({ ...HEALTHY, other: { after: ["web"] } });
  w.change("up", ["web", "other"]);
  w.pass(100);
  assertEquals([w.up, w.ends.size], [["db"], 0]);
  w.news("db", { kind: "healthy" });
  w.settle();
  assertEquals([w.up, w.ends.get(1)], [["db", "other", "web"], 0]);
});

Deno.test("restarts-with.d: restarted once the other is there again after its death, companions of companions too, and only once", () => {
  const w = world({
    db: {},
    app: { restartsWith: ["db"] },
    cache: { oneshot: true, restartsWith: ["app"] },
    apart: {},
  });
  w.change("up", ["db", "app", "cache", "apart"]);
  w.settle();
  w.done.length = 0;
  w.news("db", { kind: "died", exitCode: 1 });
  assertEquals(w.done, []);
  w.news("db", { kind: "spawned" });
  w.pass(100);
  assertEquals(w.done, ["order restart app", "run down cache", "run up cache"]);
  assertEquals(w.up, ["apart", "app", "cache", "db"]);
});

Deno.test("restarts-with.d: a restart by order counts, a first start does not", () => {
  const w = world({ db: {}, app: { restartsWith: ["db"] } });
  w.change("up", ["app"]);
  w.settle();
  w.change("up", ["db"]);
  w.settle();
  assertEquals(w.done.includes("order restart app"), false);
  w.change("down", ["db"]);
  w.settle();
  w.change("up", ["db"]);
  w.settle();
  assertEquals(w.done.includes("order restart app"), true);
});

Deno.test("restarts-with.d: a oneshot that can't be started again is down, and that is told", () => {
  const w = world({ db: {}, conf: { oneshot: true, restartsWith: ["db"] } });
  w.change("up", ["db", "conf"]);
  w.settle();
  w.scripts.set("up conf", { code: 4 });
  w.news("db", { kind: "died", exitCode: 1 });
  w.news("db", { kind: "spawned" });
  w.pass(100);
  assertEquals([w.up, w.done.at(-1)], [
    ["db"],
    "log unable to restart service conf: command exited 4",
  ]);
});

Deno.test("condition: what is skipped counts as up", () => {
  const w = world({
    a: { oneshot: true, conditions: [{ kind: "set", variable: "X" }] },
    b: { needs: ["a"] },
  });
  w.scripts.set("up a", "hangs");
  w.change("up", ["b"]);
  w.running.clear();
  w.feed({ kind: "skip", service: w.number("a"), because: "X is not set" });
  w.settle();
  assertEquals(w.said.includes("1 s6-rc: info: service a: skipped (X is not set)"), true);
  assertEquals([w.up, w.engine.services[w.number("a")]!.skipped], [["a", "b"], "X is not set"]);
});

Deno.test("max-start-failures: given up after so many deaths before readiness", () => {
  const w = world({ a: { tellsReadiness: true, maxStartFailures: 2 } });
  w.longruns.set("a", { up: "never ready" });
  w.change("up", ["a"]);
  w.pass(10);
  w.news("a", { kind: "died", exitCode: 3 });
  assertEquals(w.ends.size, 0);
  w.news("a", { kind: "died", exitCode: 3 });
  assertEquals([w.ends.get(1), w.up], [1, []]);
  assertEquals(w.said.slice(-2), [
    "1 s6-rc: warning: service a: run has died 2 times before it was ready, last exit 3: giving it up",
    "1 s6-rc: warning: unable to start service a: command exited 1",
  ]);
});

Deno.test("a change that spares a dependant: it stays up, also where soft order leads in a circle", () => {
  const w = world({
    a: { oneshot: true, after: ["b"] },
    b: { oneshot: true, after: ["a"] },
    step: { oneshot: true, needs: ["a", "b"] },
    user: { oneshot: true, needs: ["step"] },
  });
  w.change("up", ["user"]);
  w.settle();
  w.done.length = 0;
  w.change("down", ["a", "b"], { spare: new Set([w.number("step")]) });
  w.settle();
  assertEquals([w.up, w.ends.get(2)], [["step", "user"], 0]);
  assertEquals(w.done.toSorted(), ["end 2 0", "run down a", "run down b"]);
});

Deno.test("a passing change: who was wanted is so still, and who was not is not", () => {
  const w = world({ low: { oneshot: true }, high: { oneshot: true, needs: ["low"] } });
  w.change("up", ["high"]);
  w.settle();
  const wanted = (): boolean[] =>
    ["low", "high"].map((name) => w.engine.services[w.number(name)]!.wanted);
  w.change("down", ["low", "high"], { isPassing: true });
  w.settle();
  assertEquals([w.up, wanted()], [[], [false, true]]);
  w.change("up", ["low", "high"], { isPassing: true });
  w.settle();
  assertEquals([w.up, wanted()], [["high", "low"], [false, true]]);
});
