/**
 * The rules of a change, one by one: contract 6.1 to 6.5, with the order of section 16 (by name;
 * success before dependants begin).
 */
import { assertEquals } from "@std/assert";
import { rcDatabase } from "../../fake/rc_database.ts";
import { RcWorld } from "../../fake/rc_world.ts";

const TREE = rcDatabase({
  base: { oneshot: true },
  db: { needs: ["base"], tellsReadiness: true },
  web: { needs: ["db"] },
  note: { oneshot: true, needs: ["web"] },
  solo: {},
}, { all: ["note", "solo"] });

function world(database = TREE): RcWorld {
  return new RcWorld(database);
}

Deno.test("change up: each starts after what it needs, independent ones by name, a success before those that waited for it", () => {
  const w = world();
  w.change("up", ["all"]);
  w.settle();
  assertEquals(w.said, [
    "1 s6-rc: info: service s6rc-oneshot-runner: starting",
    "1 s6-rc: info: service s6rc-oneshot-runner successfully started",
    "1 s6-rc: info: service base: starting",
    "1 s6-rc: info: service solo: starting",
    "1 s6-rc: info: service solo successfully started",
    "1 s6-rc: info: service base successfully started",
    "1 s6-rc: info: service db: starting",
    "1 s6-rc: info: service db successfully started",
    "1 s6-rc: info: service web: starting",
    "1 s6-rc: info: service web successfully started",
    "1 s6-rc: info: service note: starting",
    "1 s6-rc: info: service note successfully started",
  ]);
  assertEquals(w.ends.get(1), 0);
});

Deno.test("change down: dependants first, and nothing that is not in the closure", () => {
  const w = world();
  w.change("up", ["all"]);
  w.settle();
  w.done.length = 0;
  w.change("down", ["db"]);
  w.settle();
  assertEquals(w.done, ["run down note", "order down web", "order down db", "end 2 0"]);
  assertEquals(w.up, ["base", "solo"]);
});

Deno.test("change: what is right already is said at verbosity 3, and is no work", () => {
  const w = world();
  w.change("up", ["db"]);
  w.settle();
  w.said.length = w.done.length = 0;
  w.verbosity = 3;
  w.change("up", ["db"]);
  w.settle();
  assertEquals(w.said, [
    "2 s6-rc: info: bringing selected services up",
    "2 s6-rc: info: service s6rc-oneshot-runner: already up",
    "2 s6-rc: info: service base: already up",
    "2 s6-rc: info: service db: already up",
  ]);
  assertEquals(w.done, ["end 2 0"]);
});

Deno.test("change of nothing ends at once with 0", () => {
  const w = world();
  w.change("up", []);
  assertEquals(w.ends.get(1), 0);
});

Deno.test("a failure: one warning, one line for all that is not tried, everything else goes on, exit 1; a later change tries again", () => {
  const w = world();
  w.scripts.set("up base", { code: 7 });
  w.verbosity = 1;
  w.change("up", ["all"]);
  w.settle();
  assertEquals(w.said, [
    "1 s6-rc: warning: unable to start service base: command exited 7",
    "1 s6-rc: warning: not started because of base: db, note, web",
  ]);
  assertEquals([w.ends.get(1), w.up], [1, ["solo"]]);
  w.scripts.clear();
  w.change("up", ["all"]);
  w.settle();
  assertEquals([w.ends.get(2), w.up], [0, ["base", "db", "note", "solo", "web"]]);
});

Deno.test("a failure to stop: what it needs stays up, exit 1, and the service stays up", () => {
  const w = world();
  w.change("up", ["all"]);
  w.settle();
  w.scripts.set("down note", { code: 3 });
  w.said.length = 0;
  w.verbosity = 1;
  w.change("down", ["base", "solo"]);
  w.settle();
  assertEquals(w.said, [
    "2 s6-rc: warning: unable to stop service note: command exited 3",
    "2 s6-rc: warning: not stopped because of note: base, db, web",
  ]);
  assertEquals([w.ends.get(2), w.up], [1, ["base", "db", "note", "web"]]);
});

Deno.test("a failure to stop: an essential service that would not be stopped anyway is not named", () => {
  const w = world(rcDatabase({
    keep: { oneshot: true, essential: true },
    down: { oneshot: true, needs: ["keep"] },
  }));
  w.change("up", ["down"]);
  w.settle();
  w.said.length = 0;
  w.scripts.set("down down", { code: 3 });
  w.change("down", ["keep", "down"]);
  w.settle();
  assertEquals(w.said.filter((line) => line.includes("because of")), []);
  w.said.length = 0;
  w.change("down", ["keep"], { forced: true });
  w.settle();
  assertEquals(w.said.filter((line) => line.includes("because of")), [
    "3 s6-rc: warning: not stopped because of down: keep",
  ]);
});

Deno.test("essential services are not stopped without -D, and what they need neither; the exit code is not affected", () => {
  const w = world(
    rcDatabase({ low: {}, mid: { needs: ["low"], essential: true }, top: { needs: ["mid"] } }),
  );
  w.change("up", ["top"]);
  w.settle();
  w.said.length = 0;
  w.change("down", ["low"]);
  w.settle();
  assertEquals(w.said, [
    "2 s6-rc: info: service top: stopping",
    "2 s6-rc: info: service top successfully stopped",
    "2 s6-rc: warning: service mid is marked as essential, not stopping it",
  ]);
  assertEquals([w.ends.get(2), w.up], [0, ["low", "mid"]]);
  w.change("down", ["low"], { forced: true });
  w.settle();
  assertEquals([w.ends.get(3), w.up], [0, []]);
});

Deno.test("a longrun without readiness is up as soon as it is spawned, whatever becomes of it later", () => {
  const w = world(rcDatabase({ a: {}, b: { needs: ["a"] } }));
  w.longruns.set("a", { up: "over", afterMs: 5 });
  w.change("up", ["b"]);
  w.settle();
  w.pass(10);
  assertEquals([w.ends.get(1), w.up], [0, ["a", "b"]]);
});

Deno.test("a longrun that is not ready in time: 99, told to be down; one that ends for good before: 1", () => {
  const w = world(
    rcDatabase({ late: { tellsReadiness: true, timeoutUpMs: 300 }, bad: { tellsReadiness: true } }),
  );
  w.longruns.set("late", { up: "never ready" }).set("bad", { up: "over" });
  w.verbosity = 1;
  w.change("up", ["late", "bad"]);
  w.settle();
  assertEquals(w.said, [
    "1 s6-svlisten: fatal: some services reported permanent failure or their supervisor died",
    "1 s6-rc: warning: unable to start service bad: command exited 1",
    "1 s6-svlisten: fatal: timed out",
    "1 s6-rc: warning: unable to start service late: command exited 99",
  ]);
  assertEquals(w.done.filter((line) => line.startsWith("order down")), [
    "order down bad",
    "order down late",
  ]);
  assertEquals([w.ends.get(1), w.up], [1, []]);
});

Deno.test("a longrun that is taken down or dies before it is ready is waited for", () => {
  const w = world(rcDatabase({ a: { tellsReadiness: true } }));
  w.longruns.set("a", { up: "never ready" });
  w.change("up", ["a"]);
  w.pass(1);
  w.news("a", { kind: "died", exitCode: 1 });
  w.news("a", { kind: "down" });
  assertEquals(w.ends.size, 0);
  w.news("a", { kind: "spawned" });
  w.news("a", { kind: "ready" });
  assertEquals([w.ends.get(1), w.up], [0, ["a"]]);
});

Deno.test("a longrun that can't be executed has failed at once, and its supervisor goes on trying", () => {
  const w = world(rcDatabase({ a: { tellsReadiness: true } }));
  w.longruns.set("a", { up: "unspawnable" });
  w.verbosity = 1;
  w.change("up", ["a"]);
  w.settle();
  assertEquals(w.said, [
    "1 s6-rc: warning: service a: no such interpreter",
    "1 s6-rc: warning: unable to start service a: command exited 127",
  ]);
  assertEquals(w.done, ["order up a", "end 1 1"]);
});

Deno.test("a longrun that does not stop in time has failed, stays up, and the next change succeeds once it is dead", () => {
  const w = world(rcDatabase({ a: { timeoutDownMs: 200 } }));
  w.change("up", ["a"]);
  w.settle();
  w.longruns.set("a", { down: "hangs" });
  w.change("down", ["a"]);
  w.settle();
  assertEquals([w.ends.get(2), w.up], [1, ["a"]]);
  w.news("a", { kind: "died", exitCode: 137 });
  w.change("down", ["a"]);
  w.settle();
  assertEquals([w.ends.get(3), w.up], [0, []]);
});

Deno.test("a oneshot that takes too long has failed with 111, gets SIGTERM, and is not started anew before it is gone", () => {
  const w = world(rcDatabase({ a: { oneshot: true, timeoutUpMs: 500 } }));
  w.scripts.set("up a", { code: 0, afterMs: 100_000, stubborn: true });
  w.verbosity = 1;
  w.change("up", ["a"]);
  w.settle();
  assertEquals(w.said, [
    "1 s6-sudoc: fatal: unable to get exit status from server: Connection timed out",
    "1 s6-rc: warning: unable to start service a: command exited 111",
  ]);
  w.scripts.set("up a", { code: 0 });
  w.change("up", ["a"]);
  assertEquals(w.done, ["run up a", "terminate up a", "end 1 1"]);
  w.settle();
  assertEquals([w.done.slice(3), w.up], [["run up a", "end 2 0"], ["a"]]);
});

Deno.test("-t: exit 2, scripts get SIGTERM and are not recorded, longruns stay as they were told", () => {
  const w = world(
    rcDatabase({ a: { oneshot: true }, b: { tellsReadiness: true }, c: { needs: ["a", "b"] } }),
  );
  w.scripts.set("up a", { code: 0, afterMs: 2000 });
  w.longruns.set("b", { afterMs: 3000 });
  w.change("up", ["c"], { timeoutMs: 500 });
  w.settle();
  assertEquals(w.said.slice(-1), ["1 s6-rc: fatal: timed out"]);
  assertEquals([w.ends.get(1), w.up], [2, []]);
  assertEquals(w.done, ["run up a", "order up b", "end 1 2", "terminate up a"]);
  w.pass(10_000);
  w.scripts.clear();
  w.change("up", ["c"]);
  w.settle();
  assertEquals([w.ends.get(2), w.up], [0, ["a", "b", "c"]]);
});

Deno.test("-p up: the rest goes down first, then the selection up; not if that failed", () => {
  const w = world(rcDatabase({ a: {}, b: { oneshot: true }, c: {}, d: {} }));
  w.change("up", ["a", "b"]);
  w.settle();
  w.done.length = 0;
  w.change("up", ["c"], { prune: true });
  w.settle();
  assertEquals(w.done, ["order down a", "run down b", "order up c", "end 2 0"]);
  w.scripts.set("down b", { code: 1 });
  w.change("up", ["b"]);
  w.settle();
  w.change("up", ["d"], { prune: true });
  w.settle();
  assertEquals([w.ends.get(4), w.up], [1, ["b"]]);
});

Deno.test("-p down: the selection goes down first, then all the rest up", () => {
  const w = world(rcDatabase({ a: {}, b: { needs: ["a"] }, c: {} }));
  w.change("up", ["a"]);
  w.settle();
  w.change("down", ["a"], { prune: true });
  w.settle();
  assertEquals([w.ends.get(2), w.up], [0, ["c"]]);
});

Deno.test("-a down stops all that is up, and warns about the runner", () => {
  const w = world();
  w.change("up", ["all"]);
  w.settle();
  w.said.length = 0;
  w.verbosity = 1;
  w.change("down", [], { live: true });
  w.settle();
  assertEquals(w.said, [
    "2 s6-rc: warning: service s6rc-oneshot-runner is marked as essential, not stopping it",
  ]);
  assertEquals([w.ends.get(2), w.up], [0, []]);
});

Deno.test("a client that gets SIGTERM: nothing new begins, longruns fail and are told to be down, oneshots are waited for, exit 1", () => {
  const w = world(
    rcDatabase({
      a: { oneshot: true },
      b: { tellsReadiness: true },
      c: { oneshot: true, needs: ["a"] },
    }),
  );
  w.scripts.set("up a", { code: 0, afterMs: 100 });
  w.longruns.set("b", { up: "never ready" });
  w.change("up", ["b", "c"]);
  w.pass(10);
  w.feed({ kind: "cancel", id: 1, signal: "TERM" });
  assertEquals(w.ends.size, 0);
  w.settle();
  assertEquals(w.said.slice(-3), [
    "1 s6-rc: warning: received TERM, aborting pending processes and exiting asap",
    "1 s6-rc: warning: unable to start service b: command crashed with signal 15",
    "1 s6-rc: info: service a successfully started",
  ]);
  assertEquals([w.ends.get(1), w.up, w.done.includes("order down b")], [1, ["a"], true]);
});

Deno.test("a client that vanishes: nothing new begins, what runs goes on and is not recorded, the next change does it again", () => {
  const w = world(
    rcDatabase({
      a: { oneshot: true },
      b: { tellsReadiness: true },
      c: { oneshot: true, needs: ["a"] },
    }),
  );
  w.longruns.set("b", { afterMs: 50 });
  w.change("up", ["b", "c"]);
  w.feed({ kind: "vanish", id: 1 });
  w.pass(1000);
  assertEquals([w.up, w.done], [[], ["run up a", "order up b"]]);
  w.change("up", ["b", "c"]);
  w.settle();
  assertEquals([w.ends.get(2), w.up], [0, ["a", "b", "c"]]);
});

Deno.test("a script that is nobody's any more is adopted by the next change: it never runs twice at a time", () => {
  const w = world(rcDatabase({ a: { oneshot: true } }));
  w.scripts.set("up a", { code: 0, afterMs: 100 });
  w.change("up", ["a"]);
  w.feed({ kind: "vanish", id: 1 });
  w.change("up", ["a"]);
  w.settle();
  assertEquals([w.done, w.up], [["run up a", "end 2 0"], ["a"]]);
});

Deno.test("a oneshot without words is a mark: it takes no process", () => {
  const w = world(rcDatabase({ mark: { oneshot: true, up: [], down: [] } }));
  w.change("up", ["mark"]);
  assertEquals([w.ends.get(1), w.up, w.done], [0, ["mark"], ["end 1 0"]]);
});

Deno.test("reload: all at the same time, whatever their state; one failure makes exit 1", () => {
  const w = world(
    rcDatabase({
      a: { oneshot: true, reload: ["x"] },
      b: { oneshot: true },
      bad: { oneshot: true, reload: ["y"] },
      l: {},
    }),
  );
  w.scripts.set("reload bad", { code: 9 });
  const id = w.reload(["a", "b", "bad", "l"]);
  assertEquals(w.done, ["run reload a", "run reload bad", "order reload l"]);
  w.settle();
  assertEquals(w.said.toSorted(), [
    "1 s6-rc: info: service a successfully reloaded",
    "1 s6-rc: info: service b successfully reloaded",
    "1 s6-rc: info: service l successfully reloaded",
    "1 s6-rc: warning: unable to reload service bad: command exited 9",
  ]);
  assertEquals(w.ends.get(id), 1);
});

Deno.test("what lasts is told of after 10 s, 30 s, 2 min and 5 min, and it never is a limit", () => {
  const w = world(rcDatabase({ l: { tellsReadiness: true }, o: { oneshot: true } }));
  w.longruns.set("l", { up: "never ready" });
  w.scripts.set("up o", { code: 0, afterMs: 40_000 });
  w.change("up", ["l", "o"]);
  w.pass(5000);
  w.news("l", { kind: "died", exitCode: 1 });
  w.pass(400_000);
  assertEquals(w.said.filter((line) => line.includes("notice")), [
    "1 notice 1: service l: still starting after 10 s: run has died 1 time, last exit 1",
    "1 notice 2: service o: still starting after 10 s: its script runs",
    "1 notice 1: service l: still starting after 30 s: run has died 1 time, last exit 1",
    "1 notice 2: service o: still starting after 30 s: its script runs",
    "1 notice 1: service l: still starting after 120 s: run has died 1 time, last exit 1",
    "1 notice 1: service l: still starting after 300 s: run has died 1 time, last exit 1",
  ]);
  assertEquals(w.ends.size, 0);
});

Deno.test("a grace: a longrun that does not end is killed when it is over", () => {
  const w = world(rcDatabase({ a: {} }));
  w.change("up", ["a"]);
  w.settle();
  w.longruns.set("a", { down: "hangs" });
  w.change("down", [], { live: true, graceMs: 3000 });
  w.settle();
  assertEquals([w.done.slice(2), w.up], [["order down a", "order kill a", "end 2 0"], []]);
});
