/** timeout-drain: the time between the wish to stop and the down-signal, and what cuts it short. */
import { assertEquals } from "@std/assert";
import { running, type SupervisedService } from "../../fake/supervised_service.ts";

const DRAIN = { "timeout-drain": "3000\n" };
const SIGNALS = ["kill 1000 15", "kill 1000 18"];

for (
  const [what, stop] of [
    ["d", (s: SupervisedService) => s.send("d")],
    ["D", (s: SupervisedService) => s.send("D")],
    ["TERM", (s: SupervisedService) => s.signal("TERM")],
    ["xd", (s: SupervisedService) => s.send("xd")],
  ] as const
) {
  Deno.test(`timeout-drain: after ${what} the service is wanted down at once, and gets its signal when the time is over`, () => {
    const service = stop(running(DRAIN));
    assertEquals(service.did("status", "kill"), ["status pid 1000"]);
    assertEquals(service.elapse(2999).did("status", "kill"), []);
    assertEquals(service.elapse(1).did("kill"), SIGNALS);
    service.dieOf(15);
    assertEquals(service.elapse(60_000).did("run"), []);
  });
}

for (const content of [undefined, "0\n"]) {
  Deno.test(`timeout-drain ${content === undefined ? "absent" : "0"}: the signal at once`, () => {
    assertEquals(
      running(content === undefined ? {} : { "timeout-drain": content }).send("d").did("kill"),
      SIGNALS,
    );
  });
}

Deno.test("timeout-drain that is no number: a warning, and the signal at once", () => {
  assertEquals(running({ "timeout-drain": "3s" }).send("d").did("warn", "kill"), [
    "warn invalid timeout-drain: not an unsigned number (using the default)",
    ...SIGNALS,
  ]);
});

Deno.test("timeout-drain is read when the wish comes", () => {
  const service = running(DRAIN).write("timeout-drain", "50").send("d");
  assertEquals(service.elapse(50).did("kill"), SIGNALS);
});

Deno.test("timeout-kill counts from the down-signal", () => {
  const service = running({ ...DRAIN, "timeout-kill": "1000" }).send("d").elapse(3000);
  service.done();
  assertEquals(service.elapse(999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1000 9", "kill 1000 18"]);
});

Deno.test("a second `d` cuts it short; a third sends the signal once more, as ever", () => {
  const service = running(DRAIN).send("d").elapse(100).send("d");
  assertEquals(service.did("kill"), SIGNALS);
  assertEquals(service.send("d").did("kill"), SIGNALS);
});

Deno.test("the end of everything does not cut it short; asked for once more, it does", () => {
  const service = running(DRAIN).send("d").elapse(100).signal("TERM");
  assertEquals(service.elapse(2899).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), SIGNALS);
  assertEquals(running(DRAIN).signal("TERM").elapse(100).signal("TERM").did("kill"), SIGNALS);
});

for (const [letter, signal] of [["t", 15], ["h", 1], ["1", 10], ["k", 9], ["r", 15]] as const) {
  Deno.test(`${letter} while it is drained: that signal and no other, and the down-signal in its time`, () => {
    const service = running(DRAIN).send("d").elapse(100).send(letter);
    assertEquals(service.did("kill"), [`kill 1000 ${signal}`]);
    assertEquals(service.elapse(2900).did("kill"), SIGNALS);
  });
}

Deno.test("the service ends while it is drained: down, and nothing is sent to nobody", () => {
  const service = running({ ...DRAIN, finish: "" }).send("d").elapse(100).exit(0);
  assertEquals(service.port.events, "sud");
  assertEquals(service.exit(0).elapse(60_000).did("kill", "run"), []);
  assertEquals(service.port.events, "sudD");
});

Deno.test("`u` while it is drained is another life, not this one: drained, stopped, started", () => {
  const service = running({ ...DRAIN, "restart-policy": "never" }).send("d").elapse(100).send("u");
  assertEquals(service.elapse(2900).did("kill"), SIGNALS);
  assertEquals(service.dieOf(15).elapse(0).did("run"), ["run 1001"]);
});

for (const letter of ["x", "o", "O", "Q"]) {
  Deno.test(`${letter} while it is drained: the time goes on`, () => {
    const service = running(DRAIN).send("d").elapse(100).send(letter);
    assertEquals(service.elapse(2899).did("kill"), []);
    assertEquals(service.elapse(1).did("kill"), SIGNALS);
    assertEquals(service.dieOf(15).ends, letter === "x" ? 1 : 0);
  });
}

Deno.test("QUIT while it is drained: the supervisor goes, the service stays as it is", () => {
  const service = running(DRAIN).send("d").signal("QUIT");
  assertEquals([service.did("kill"), service.ends, service.elapse(60_000).did("kill")], [
    [],
    1,
    [],
  ]);
});

Deno.test("INT while it is drained: passed on, and the supervisor goes", () => {
  const service = running(DRAIN).send("d").signal("INT");
  assertEquals([service.did("kill"), service.ends], [["kill -1000 2"], 1]);
});

Deno.test("a service that is ready while it is drained says so", () => {
  const service = running({ ...DRAIN, "notification-fd": "3" }).send("d").ready();
  assertEquals(service.did("status").at(-1), "status pid 1000 ready");
});

Deno.test("the clock is set while it is drained: the time stays what it is", () => {
  const service = running(DRAIN).send("d");
  service.port.wallclockOffsetMs = 86_400_000;
  assertEquals(service.elapse(2999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), SIGNALS);
});
