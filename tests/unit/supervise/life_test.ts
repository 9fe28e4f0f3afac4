/** The lives of a service: begin, readiness, death, ./finish, the next start. */
import { assertEquals } from "@std/assert";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

Deno.test("begin: status, then s; the service is started and says u", () => {
  const service = new SupervisedService().begin();
  assertEquals(service.done(), [
    "status pid 0 wanted ready paused",
    "event s",
    "run 1000",
    "status pid 1000 wanted",
    "event u",
  ]);
});

Deno.test("begin with a down file: announced, not started, and `u` starts it", () => {
  const service = new SupervisedService({ down: "" }).begin();
  assertEquals(service.done(), ["status pid 0 ready paused", "event s"]);
  assertEquals(service.elapse(3_600_000).done(), []);
  assertEquals(service.send("u").done(), [
    "status pid 0 wanted ready paused",
    "run 1000",
    "status pid 1000 wanted",
    "event u",
  ]);
});

Deno.test("the stamps: started now; ready now; down now; each from the wall clock", () => {
  const service = running({ "notification-fd": "3\n" });
  const { port } = service;
  const startedAt = port.moment().wallclock;
  assertEquals(port.status.stamp, startedAt);
  const readyAt = service.elapse(250).ready().port.moment().wallclock;
  assertEquals([port.status.stamp, port.status.readystamp], [startedAt, readyAt]);
  const downAt = service.elapse(250).exit(0).port.moment().wallclock;
  assertEquals([port.status.stamp, port.status.readystamp], [downAt, downAt]);
});

Deno.test("readiness: the newline makes it ready and says U; the death ends that", () => {
  const service = new SupervisedService({ "notification-fd": "3\n" }).begin();
  assertEquals(service.did("run"), ["run 1000 ready on 3"]);
  assertEquals(service.ready().done(), ["status pid 1000 wanted ready", "event U"]);
  service.write("finish", "").exit(0);
  assertEquals(service.done(), [
    "notification closed",
    "write supervise/death_tally",
    "finish 1001 (0 0 db 1000)",
    "status pid 1001 wanted finishing",
    "event d",
  ]);
});

Deno.test("death without ./finish: down and ready, says dD at once", () => {
  const service = running();
  assertEquals(service.exit(1).done(), [
    "notification closed",
    "write supervise/death_tally",
    "status pid 0 wanted ready",
    "event dD",
  ]);
});

Deno.test("the whole sequence of events with a ./finish", () => {
  const service = new SupervisedService({ "notification-fd": "3", finish: "" }).begin();
  service.ready().elapse(2000).exit(0).exit(0).elapse(0).ready().exit(0).exit(125).send("x");
  assertEquals(service.port.events, "suUdDuUdODx");
});

Deno.test("restart: at once when the life was a second long", () => {
  const service = running();
  assertEquals(service.elapse(1000).exit(0).elapse(0).did("run"), ["run 1001"]);
});

for (const lifeMs of [0, 1, 300, 999]) {
  Deno.test(`restart: after a life of ${lifeMs} ms exactly one second after the last start`, () => {
    const service = running().elapse(lifeMs).exit(0);
    assertEquals(service.elapse(999 - lifeMs).did("run"), []);
    assertEquals(service.elapse(1).did("run"), ["run 1001"]);
  });
}

Deno.test("restart: readiness changes nothing of the second", () => {
  const service = running({ "notification-fd": "3" }).elapse(600).ready().exit(0);
  assertEquals(service.elapse(399).did("run"), []);
  assertEquals(service.elapse(1).did("run"), ["run 1001 ready on 3"]);
});

Deno.test("restart: the time of ./finish counts as well", () => {
  const service = running({ finish: "" }).elapse(100).exit(0).elapse(400).exit(0);
  assertEquals(service.elapse(499).did("run"), []);
  assertEquals(service.elapse(1).did("run"), ["run 1002"]);
});

Deno.test("restart: at once after a ./finish that took longer than the second", () => {
  const service = running({ finish: "" }).elapse(100).exit(0).elapse(2000).exit(0);
  assertEquals(service.elapse(0).did("run"), ["run 1002"]);
});

Deno.test("restart: a service that dies at once is started once a second, no more and no less", () => {
  const service = running();
  for (let second = 0; second < 60; second++) service.exit(1).elapse(1000);
  assertEquals(service.did("run").length, 60);
});

for (const jumpMs of [-86_400_000, 86_400_000]) {
  Deno.test(`restart: the system's clock is set ${jumpMs < 0 ? "back" : "forth"} by a day, the second stays a second`, () => {
    const service = running().elapse(300);
    service.port.wallclockOffsetMs = jumpMs;
    service.exit(0);
    assertEquals(service.elapse(699).did("run"), []);
    assertEquals(service.elapse(1).did("run"), ["run 1001"]);
  });
}

Deno.test("`u` does not wait for the second", () => {
  const service = running().elapse(10).exit(0);
  assertEquals(service.send("u").did("run"), ["run 1001"]);
  assertEquals(service.elapse(10_000).did("run"), []);
});

Deno.test("`o` starts once: no restart after the death, without a failure", () => {
  const service = running({ down: "" }).send("o");
  assertEquals(service.did("run", "status"), [
    "status pid 0 ready paused",
    "run 1000",
    "status pid 1000",
  ]);
  assertEquals(service.elapse(5000).exit(0).elapse(3_600_000).did("run"), []);
});

Deno.test("`d` while the restart is waited for: no start", () => {
  assertEquals(running().exit(0).send("d").elapse(3_600_000).did("run"), []);
});

Deno.test("`u` while ./finish runs after `d`: started when ./finish is done", () => {
  const service = running({ finish: "" }).send("d").exit(0).send("u");
  assertEquals(service.did("run"), []);
  assertEquals(service.exit(0).elapse(1000).did("run"), ["run 1002"]);
});

for (
  const [what, die, args] of [
    ["exit 0", (service: SupervisedService) => service.exit(0), "0 0 db 1000"],
    ["exit 111", (service: SupervisedService) => service.exit(111), "111 0 db 1000"],
    ["SIGTERM", (service: SupervisedService) => service.dieOf(15), "256 15 db 1000"],
    ["SIGSEGV with a core", (service: SupervisedService) => service.dieOf(0x8b), "256 11 db 1000"],
  ] as const
) {
  Deno.test(`./finish after ${what} gets ${args}`, () => {
    assertEquals(die(running({ finish: "" })).did("finish"), [`finish 1001 (${args})`]);
  });
}

Deno.test("./finish exits 125: O before D, wanted down, no restart until asked for", () => {
  const service = running({ finish: "" }).elapse(5000).exit(1);
  service.done();
  assertEquals(service.exit(125).done(), [
    "write supervise/reason",
    "status pid 0 ready",
    "event OD",
  ]);
  assertEquals(service.elapse(3_600_000).did("run"), []);
  assertEquals(service.send("u").did("run"), ["run 1002"]);
});

Deno.test("the wait status of ./run stays in the status while ./finish runs and after", () => {
  const service = running({ finish: "" }).exit(3);
  assertEquals([service.port.status.wstat, service.port.status.pid], [0x0300, 1001]);
  service.exit(0);
  assertEquals([service.port.status.wstat, service.port.status.pid], [0x0300, 0]);
});

Deno.test("./finish that can't be spawned: told, and the service goes on without", () => {
  const service = running({ finish: "" }).refuse(
    "finish",
    "unable to spawn ./finish: it has no execute bit; chmod +x ./finish",
  );
  assertEquals(service.exit(0).did("warn", "event"), [
    "warn unable to spawn ./finish: it has no execute bit; chmod +x ./finish (going on without it)",
    "event dD",
  ]);
  assertEquals(service.elapse(1000).did("run"), ["run 1001"]);
});

Deno.test("a start that fails is told and tried again after exactly 60 s; until one succeeds it was never started", () => {
  const service = new SupervisedService().refuse("run", "unable to spawn ./run: it is empty")
    .begin();
  assertEquals(service.done().slice(2), [
    "no run",
    "warn unable to spawn ./run: it is empty (waiting 60 seconds)",
    "write supervise/reason",
  ]);
  assertEquals([service.port.status.pid, service.port.status.flagpaused], [0, true]);
  assertEquals(service.elapse(59_999).done(), []);
  assertEquals(service.elapse(1).did("no"), ["no run"]);
  assertEquals(service.refuse("run", undefined).elapse(60_000).did("run", "status"), [
    "run 1000",
    "status pid 1000 wanted",
  ]);
});

Deno.test("a start that failed is tried again at once on `u`, and then after 60 s from there", () => {
  const service = new SupervisedService().refuse("run", "no").begin().elapse(30_000);
  service.done();
  assertEquals(service.send("u").did("no"), ["no run"]);
  assertEquals(service.elapse(59_999).did("no"), []);
  assertEquals(service.elapse(1).did("no"), ["no run"]);
});

Deno.test("a restart that fails: the status tells of the last life, 60 s are waited", () => {
  const service = running().elapse(2000).exit(7).refuse("run", "gone").elapse(0);
  assertEquals(service.did("no"), ["no run"]);
  const { pid, wstat, flagpaused } = service.port.status;
  assertEquals({ pid, wstat, flagpaused }, { pid: 0, wstat: 0x0700, flagpaused: false });
  assertEquals(service.refuse("run", undefined).elapse(60_000).did("run"), ["run 1001"]);
});

Deno.test("flag-newpidns is looked at before each start", () => {
  const service = running().write("flag-newpidns", "");
  assertEquals(service.elapse(1000).exit(0).elapse(0).did("run"), ["run 1001 in a namespace"]);
  assertEquals(service.remove("flag-newpidns").elapse(1000).exit(0).elapse(0).did("run"), [
    "run 1002",
  ]);
});

Deno.test("deaths are counted by cause, starts and readiness by what they took", () => {
  const service = running({ "notification-fd": "3" });
  assertEquals(service.supervisor.counts, {});
  service.elapse(250).ready();
  service.exit(1).elapse(60_000).exit(1).elapse(60_000).supervisor.childDied(11);
  assertEquals(service.supervisor.counts, { deaths: { exit_failure: 2, sigsegv: 1 } });
  assertEquals(service.readyTimes, [250]);
  assertEquals(service.startTimes, [0, 0, 0]);
});
