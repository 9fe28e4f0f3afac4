/** Commands and signals as a whole: which process gets what, and when the supervisor ends. */
import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../../lib/supervise/core/machine.ts";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

const SIGNALS: readonly (readonly [letter: string, kill: string])[] = [
  ["a", "kill 1000 14"],
  ["b", "kill 1000 6"],
  ["q", "kill 1000 3"],
  ["h", "kill 1000 1"],
  ["k", "kill 1000 9"],
  ["t", "kill 1000 15"],
  ["i", "kill 1000 2"],
  ["1", "kill 1000 10"],
  ["2", "kill 1000 12"],
  ["y", "kill 1000 28"],
  ["p", "kill 1000 19"],
  ["c", "kill 1000 18"],
  ["P", "kill -1000 19"],
  ["C", "kill -1000 18"],
  ["K", "kill -1000 9"],
  ["r", "kill 1000 15"],
  ["l", "kill 1000 1"],
];

for (const [letter, kill] of SIGNALS) {
  Deno.test(`\`${letter}\` to a running service: ${kill}; to none: nothing`, () => {
    assertEquals(running().send(letter).did("kill"), [kill]);
    assertEquals(running({ finish: "" }).exit(0).send(letter).did("kill"), []);
    assertEquals(running({ down: "" }).send(letter).done(), []);
  });
}

Deno.test("a paused service says so until it goes on or dies", () => {
  const service = running({ finish: "" });
  assertEquals(service.send("p").did("status"), ["status pid 1000 wanted paused"]);
  assertEquals(service.send("c").did("status"), ["status pid 1000 wanted"]);
  assertEquals(service.send("P").dieOf(9).did("status"), [
    "status pid 1000 wanted paused",
    "status pid 1001 wanted finishing",
  ]);
});

Deno.test("several commands in one read are obeyed in their order", () => {
  assertEquals(running().send("uhd").did("kill", "status"), [
    "status pid 1000 wanted",
    "kill 1000 1",
    "kill 1000 15",
    "kill 1000 18",
    "status pid 1000",
  ]);
});

Deno.test("the 231 bytes that mean nothing do nothing", () => {
  const service = running();
  for (let byte = 0; byte < 256; byte++) {
    if (!COMMANDS.includes(String.fromCharCode(byte))) service.supervisor.command(byte);
  }
  assertEquals(service.done(), []);
});

Deno.test("`D` and `U` make and remove the down file, and do as `d` and `u` do", () => {
  const service = running();
  assertEquals(service.send("D").done(), [
    "create down",
    "kill 1000 15",
    "kill 1000 18",
    "status pid 1000",
  ]);
  assertEquals(service.dieOf(15).did("event"), ["event dD"]);
  assertEquals(service.send("U").done(), [
    "remove down",
    "status pid 0 wanted ready",
    "run 1001",
    "status pid 1001 wanted",
    "event u",
  ]);
});

Deno.test("`Q` makes the down file and lets the service run its life", () => {
  const service = running();
  assertEquals(service.send("Q").done(), ["create down", "status pid 1000"]);
  assertEquals(service.exit(0).elapse(3_600_000).did("run"), []);
});

Deno.test("`O` lets the service run its life and starts none", () => {
  assertEquals(running().send("O").done(), ["status pid 1000"]);
  assertEquals(running({ down: "" }).send("O").elapse(5000).did("run"), []);
});

Deno.test("`r` sends the down-signal and nothing else changes: it comes back", () => {
  const service = running({ "down-signal": "INT\n" }).elapse(5000);
  assertEquals(service.send("r").done(), ["kill 1000 2"]);
  assertEquals(service.dieOf(2).elapse(0).did("run"), ["run 1001"]);
});

Deno.test("down-signal and reload-signal are read at each use", () => {
  const service = running({ "down-signal": "SIGINT\n", "reload-signal": "12\n" });
  assertEquals(service.send("rl").did("kill"), ["kill 1000 2", "kill 1000 12"]);
  service.write("down-signal", "quit").remove("reload-signal");
  assertEquals(service.send("dl").did("kill"), ["kill 1000 3", "kill 1000 18", "kill 1000 1"]);
});

Deno.test("`x`: the service runs its life, ./finish gets no stdio, then x is said and it is over", () => {
  const service = running({ finish: "" });
  assertEquals(service.send("x").done(), ["stdio closed"]);
  assertEquals(service.exit(0).did("finish", "event"), ["finish 1001 (0 0 db 1000)", "event d"]);
  assertEquals([service.ends, service.supervisor.ended], [0, false]);
  assertEquals(service.exit(0).did("event"), ["event D", "event x"]);
  assertEquals([service.ends, service.supervisor.ended], [1, true]);
});

Deno.test("`x` when the service is down: over at once", () => {
  const service = running({ down: "" });
  assertEquals(service.send("x").did("event"), ["event x"]);
  assertEquals(service.ends, 1);
});

Deno.test("`x` while the restart is waited for: over at once, no start", () => {
  const service = running().exit(0).send("x");
  assertEquals(service.ends, 1);
  assertEquals(service.elapse(5000).did("run"), []);
});

Deno.test("`x` without ./finish: over with the death", () => {
  const service = running().send("x").elapse(60_000).exit(0);
  assertEquals([service.port.events, service.ends], ["sudDx", 1]);
});

Deno.test("TERM: the service is brought down, then it is over", () => {
  const service = running({ finish: "" }).signal("TERM");
  assertEquals(service.done(), ["kill 1000 15", "kill 1000 18", "status pid 1000"]);
  service.dieOf(15).exit(0);
  assertEquals([service.port.events, service.ends], ["sudDx", 1]);
});

Deno.test("TERM while ./finish runs: it is let run, without stdio, then it is over", () => {
  const service = running({ finish: "" }).exit(0);
  service.done();
  assertEquals(service.signal("TERM").done(), ["stdio closed"]);
  assertEquals(service.exit(0).ends, 1);
});

Deno.test("TERM twice: the down-signal twice, one end", () => {
  const service = running().signal("TERM").signal("TERM");
  assertEquals(service.did("kill").length, 4);
  assertEquals(service.dieOf(15).signal("TERM").ends, 1);
});

Deno.test("HUP: the service is not touched, ./finish gets no stdio, then it is over", () => {
  const service = running().signal("HUP");
  assertEquals(service.done(), ["stdio closed"]);
  assertEquals(service.exit(0).ends, 1);
});

Deno.test("QUIT: over at once, the service is left running", () => {
  const service = running().signal("QUIT");
  assertEquals(service.did("kill", "event"), ["event x"]);
  assertEquals([service.ends, service.port.livePid], [1, 1000]);
});

Deno.test("INT: SIGINT to the service's group, over at once", () => {
  const service = running().signal("INT");
  assertEquals(service.did("kill", "event"), ["kill -1000 2", "event x"]);
  assertEquals(service.ends, 1);
});

Deno.test("INT while ./finish runs: SIGINT to its group", () => {
  assertEquals(running({ finish: "" }).exit(0).signal("INT").did("kill"), ["kill -1001 2"]);
});

for (const signal of ["TERM", "HUP", "QUIT", "INT"] as const) {
  Deno.test(`${signal} when the service is down: over at once`, () => {
    const service = running({ down: "" }).signal(signal);
    assertEquals(service.did("kill", "event"), ["event x"]);
    assertEquals(service.ends, 1);
  });
}

Deno.test("after the end nothing happens any more, whatever comes", () => {
  const service = running({ "notification-fd": "3", "timeout-kill": "10" }).send("d").signal(
    "QUIT",
  );
  service.done();
  assertEquals(service.port.timerAtMs, undefined);
  service.elapse(60_000).send(COMMANDS).signal("TERM").signal("INT").ready().exit(0).elapse(60_000);
  assertEquals(service.done(), []);
  assertEquals(service.ends, 1);
});

Deno.test("the end closes the notification descriptor before it is told", () => {
  const service = new SupervisedService({ "notification-fd": "3" }).begin();
  service.done();
  assertEquals(service.signal("QUIT").done(), ["notification closed", "event x"]);
});
