/**
 * The loop of s6-rc on a port in memory: what is done when, whose descriptors a script gets, and
 * that an error ends nothing but changes.
 */
import { assertEquals } from "@std/assert";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { newEngine } from "../../../lib/rc/core/engine.ts";
import { RcLoop } from "../../../lib/rc/loop.ts";
import type { Sketch } from "../../fake/rc_database.ts";
import { rcDatabase } from "../../fake/rc_database.ts";
import { FakeRcPort, recordingReporter } from "../../fake/rc_port.ts";

const ENOSPC = 28;

function loopOf(
  sketch: Sketch,
): { port: FakeRcPort; loop: RcLoop; number: (name: string) => number } {
  const database = rcDatabase(sketch);
  const port = new FakeRcPort();
  return {
    port,
    loop: new RcLoop(port, newEngine(database)),
    number: (name) => database.services.find((service) => service.name === name)!.number,
  };
}

Deno.test("rc loop: the state is written before anybody hears of it; a longrun's down file goes with it; busy while anything is under way", () => {
  const { port, loop, number } = loopOf({ web: {} });
  const reporter = recordingReporter();
  port.newsOf.set("up web", [{ kind: "spawned" }]);
  loop.change({ direction: "up", named: [number("web")] }, {
    ...reporter,
    say: (line) => port.done.push(`said ${line.text}`),
  });
  assertEquals(port.done, [
    "said bringing selected services up",
    "said service web: starting",
    "up web",
    "no-down-file web",
    "save 003",
    "said service web successfully started",
  ]);
  assertEquals(reporter.heard, [0]);
});

Deno.test("rc loop: transitions that end at the same time are one write of the state, and nobody hears of them before", () => {
  const { port, loop, number } = loopOf({ a: {}, b: {}, c: {}, last: { needs: ["a"] } });
  port.turnsAreShort = false;
  for (const name of ["a", "b", "c"]) port.newsOf.set(`up ${name}`, [{ kind: "spawned" }]);
  const reporter = recordingReporter();
  loop.change({ direction: "up", named: ["b", "c"].map(number) }, reporter);
  const saves = (): string[] => port.done.filter((line) => line.startsWith("save"));
  assertEquals(saves(), []);
  assertEquals(reporter.heard.filter((line) => String(line).includes("successfully")), []);
  port.endTurn();
  assertEquals(saves().length, 1);
  assertEquals(reporter.heard.slice(-3), [
    "service b successfully started",
    "service c successfully started",
    0,
  ]);
});

Deno.test("rc loop: a service starts when the state says what it has waited for, and after that was told", () => {
  const { port, loop, number } = loopOf({ a: {}, last: { oneshot: true, needs: ["a"] } });
  port.turnsAreShort = false;
  port.newsOf.set("up a", [{ kind: "spawned" }]);
  loop.change({ direction: "up", named: [number("last")] }, {
    ...recordingReporter(),
    say: (line) => port.done.push(`said ${line.text}`),
  });
  assertEquals(port.done.slice(-6), [
    "no-down-file a",
    "save 1012",
    "said service a successfully started",
    "said service last: starting",
    "run up last",
    "busy",
  ]);
});

Deno.test("rc loop: busy from the first wish to the last end", () => {
  const { port, loop, number } = loopOf({ one: { oneshot: true } });
  loop.change({ direction: "up", named: [number("one")] }, recordingReporter());
  assertEquals(port.done.at(-1), "busy");
  loop.scriptEnded(number("one"), "up", 0);
  assertEquals(port.done.at(-1), "idle");
});

Deno.test("rc loop: a script gets the descriptors of the change that has asked for it", () => {
  const { port, loop, number } = loopOf({ one: { oneshot: true } });
  loop.change({ direction: "up", named: [number("one")] }, recordingReporter([7, 8, 9]));
  assertEquals(port.done.includes("run up one 7,8,9"), true);
});

Deno.test("rc loop: a condition that is not met is an end without a start", () => {
  const { port, loop, number } = loopOf({
    one: { oneshot: true, conditions: [{ kind: "set", variable: "X" }] },
  });
  port.unmetOf.set("one", "X is not set");
  const reporter = recordingReporter();
  loop.change({ direction: "up", named: [number("one")] }, reporter);
  assertEquals(reporter.heard.slice(-3), [
    "service one: skipped (X is not set)",
    "service one successfully started",
    0,
  ]);
  assertEquals(port.done.some((line) => line.startsWith("run")), false);
});

Deno.test("rc loop: a state that can't be written, a down file that can't be removed are warnings, and the change goes on", () => {
  const { port, loop, number } = loopOf({ web: {} });
  port.faults.set("save", new SyscallError("write /live/state", ENOSPC)).set(
    "mark",
    new Error("unable to unlink down"),
  );
  port.newsOf.set("up web", [{ kind: "spawned" }]);
  const reporter = recordingReporter();
  loop.change({ direction: "up", named: [number("web")] }, reporter);
  assertEquals(reporter.heard.slice(-4), [
    "unable to unlink down",
    "unable to write /live/state: No space left on device",
    "service web successfully started",
    0,
  ]);
});

Deno.test("rc loop: an error that can't be ends the changes with 101, says so, and the next change works", () => {
  const { port, loop, number } = loopOf({ one: { oneshot: true }, web: {} });
  const first = recordingReporter();
  const second = recordingReporter();
  loop.change({ direction: "up", named: [number("one")] }, first);
  port.faults.set("up", new TypeError("undefined is not a function"));
  loop.change({ direction: "up", named: [number("web")] }, second);
  const text = "internal error: undefined is not a function";
  assertEquals([first.heard.slice(-2), second.heard.slice(-2)], [[text, 101], [text, 101]]);
  assertEquals(port.done.includes(`warn ${text}`), true);
  port.faults.clear();
  port.newsOf.set("up web", [{ kind: "spawned" }]);
  const third = recordingReporter();
  loop.change({ direction: "up", named: [number("web")] }, third);
  assertEquals(third.heard.at(-1), 0);
});

Deno.test("rc loop: who waits until it is idle is called when the last change has ended, one after the other", async () => {
  const { loop, number } = loopOf({ one: { oneshot: true } });
  const called: string[] = [];
  loop.change({ direction: "up", named: [number("one")] }, recordingReporter());
  loop.whenIdle(() => called.push("first"));
  loop.whenIdle(() => called.push("second"));
  await Promise.resolve();
  assertEquals(called, []);
  loop.scriptEnded(number("one"), "up", 0);
  await Promise.resolve();
  await Promise.resolve();
  assertEquals(called, ["first", "second"]);
});

Deno.test("rc loop: a notice that something lasts has the last line that it wrote", () => {
  const { port, loop, number } = loopOf({ one: { oneshot: true }, web: {} });
  const reporter = recordingReporter();
  port.lastOutputOf.set("one", `waiting for \x1b[1mdb ${"x".repeat(300)}`);
  loop.change({ direction: "up", named: [number("one")] }, reporter);
  port.nowMs += 10_000;
  loop.wake();
  assertEquals(reporter.heard.slice(-1), [
    `service one: still starting after 10 s: its script runs; it last wrote: waiting for \\x1b[1mdb ${
      "x".repeat(178)
    }...`,
  ]);
});

Deno.test("rc loop: what longruns wrote last is asked for once for all notices of a turn; older lines, and those of starts that are over by then, are left out", () => {
  const { port, loop, number } = loopOf({ web: {}, old: {}, mute: {}, done: {} });
  const reporter = recordingReporter();
  port.turnsAreShort = false;
  port.agedLineOf.set("web", { text: "no such table", ageMs: 10_000 });
  port.agedLineOf.set("old", { text: "of a life before", ageMs: 11_000 });
  port.agedLineOf.set("done", { text: "done soon", ageMs: 0 });
  loop.change(
    { direction: "up", named: ["web", "old", "mute", "done"].map(number) },
    reporter,
  );
  port.nowMs += 10_000;
  loop.wake();
  port.endTurn();
  assertEquals(port.done.filter((what) => what === "ask"), ["ask"]);
  loop.hear(number("done"), { kind: "spawned" });
  port.endTurn();
  reporter.heard.length = 0;
  port.answer();
  assertEquals(reporter.heard, [
    "service mute: still starting after 10 s: it is not ready",
    "service old: still starting after 10 s: it is not ready",
    "service web: still starting after 10 s: it is not ready; it last wrote: no such table",
  ]);
  port.nowMs += 20_000;
  loop.wake();
  port.endTurn();
  assertEquals(port.done.filter((what) => what === "ask"), ["ask", "ask"]);
});
