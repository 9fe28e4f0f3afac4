/** supervise/reason: what is put on record, and the kill of the kernel for want of memory. */
import { assertEquals, assertMatch } from "@std/assert";
import { parseReasons } from "../../../lib/servicedir/core/death_reasons.ts";
import { restarts } from "../../../lib/status/core/service_state.ts";
import { ENOENT, ENOSPC } from "../../../lib/core/linux/errno.ts";
import { addMilliseconds } from "../../../lib/core/time/tain.ts";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

function reasons(service: SupervisedService): readonly unknown[] {
  return parseReasons(service.port.files.get("supervise/reason") ?? new Uint8Array());
}

const OOM_WARNING = "warn the service was killed by the kernel: out of memory";

for (
  const [what, die] of [["SIGKILL", (s: SupervisedService) => s.dieOf(9)], [
    "137",
    (s: SupervisedService) => s.exit(137),
  ]] as const
) {
  Deno.test(`${what} after the kernel's count has risen: told and on record, with the stamp of the death`, () => {
    const service = running().elapse(5000);
    service.port.oomKills = 1;
    die(service);
    assertEquals(service.did("warn"), [OOM_WARNING]);
    assertEquals(reasons(service), [{ stamp: service.port.status.stamp, oom: true }]);
    assertEquals(service.deaths.at(-1)?.stamp, service.port.status.stamp);
    assertEquals(service.elapse(0).did("run"), ["run 1001"]);
  });
}

Deno.test("SIGKILL while the count has not risen: somebody else's", () => {
  const service = running().dieOf(9);
  assertEquals([service.did("warn", "oom?"), reasons(service)], [["oom?"], []]);
});

Deno.test("other deaths: the count is not even looked at", () => {
  const service = running();
  for (
    const die of [
      () => service.exit(0),
      () => service.exit(1),
      () => service.dieOf(15),
      () => service.dieOf(11),
    ]
  ) die().elapse(1000);
  assertEquals(service.did("oom?"), []);
});

for (
  const [what, kill] of [
    ["`k`", (s: SupervisedService) => s.send("k")],
    ["`K`", (s: SupervisedService) => s.send("K")],
    ["timeout-kill", (s: SupervisedService) => s.send("d").elapse(100)],
  ] as const
) {
  Deno.test(`SIGKILL by ${what} is ours, whatever the kernel has done meanwhile; in the next life it is not`, () => {
    const service = kill(running({ "timeout-kill": "100" }));
    service.port.oomKills = 1;
    assertEquals(service.dieOf(9).did("oom?", "warn"), []);
    service.send("u").done();
    assertEquals(service.dieOf(9).did("oom?", "warn"), ["oom?", OOM_WARNING]);
  });
}

Deno.test("a delay is on record with the moment of the next start", () => {
  const service = running({ "restart-delay": "700" }).elapse(5000).exit(1);
  const { stamp } = service.port.status;
  assertEquals(reasons(service), [{ stamp, oom: false, next: addMilliseconds(stamp, 700) }]);
});

for (
  const [over, files, end] of [
    ["policy", { "restart-policy": "never" }, (s: SupervisedService) => s.exit(1)],
    ["max-restarts", { "max-restarts": "0/1" }, (s: SupervisedService) => s.exit(1)],
    ["finish", { finish: "" }, (s: SupervisedService) => s.exit(1).exit(125)],
  ] as const
) {
  Deno.test(`an end for good is on record: ${over}`, () => {
    const service = end(running(files));
    assertEquals(reasons(service), [{ stamp: service.port.status.stamp, oom: false, over }]);
  });
}

for (
  const [how, files, die, done] of [
    ["exit 0", {}, (s: SupervisedService) => s.exit(0), true],
    ["exit 1", {}, (s: SupervisedService) => s.exit(1), false],
    ["the down-signal", { "down-signal": "USR1" }, (s: SupervisedService) => s.dieOf(10), true],
    ["a listed code", { "exit-codes-ok": "2 7-9" }, (s: SupervisedService) => s.exit(8), true],
    ["a listed signal", { "exit-codes-ok": "SIGHUP" }, (s: SupervisedService) => s.dieOf(1), true],
    [
      "its code, not the signal",
      { "exit-codes-ok": "129" },
      (s: SupervisedService) => s.dieOf(1),
      false,
    ],
  ] as const
) {
  Deno.test(`restart-policy never, and an end by ${how}: ${done ? "done" : "not done"}`, () => {
    const service = die(running({ "restart-policy": "never", ...files }));
    assertEquals(reasons(service), [{
      stamp: service.port.status.stamp,
      oom: false,
      over: "policy",
      ...(done ? { done } : {}),
    }]);
  });
}

Deno.test("exit-codes-ok: such an end needs no restart under on-failure; another one does, and under always each does", () => {
  const files = { "exit-codes-ok": "3,70-75\n" };
  const service = running({ "restart-policy": "on-failure", ...files });
  assertEquals(service.exit(71).elapse(5000).did("run"), []);
  assertEquals(service.send("u").exit(69).elapse(5000).did("run"), ["run 1001", "run 1002"]);
  assertEquals(running(files).exit(3).elapse(5000).did("run"), ["run 1001"]);
});

Deno.test("exit-codes-ok that is no list: a warning, and only 0 counts", () => {
  for (const list of ["", "x", "256", "5-3", "1 ".repeat(150)]) {
    const service = running({ "restart-policy": "on-failure", "exit-codes-ok": list }).exit(1);
    assertMatch(
      service.did("warn").join(),
      /^warn invalid exit-codes-ok: not a list of exit codes/,
    );
    assertEquals(service.elapse(5000).did("run"), ["run 1001"]);
  }
});

Deno.test("a start that fails is on record with why, once however often it is tried; one that succeeds writes nothing", () => {
  const service = new SupervisedService().refuse("run", "unable to spawn ./run: it is empty");
  service.begin().elapse(180_000);
  const { stamp } = service.port.status;
  const fault = "unable to spawn ./run: it is empty";
  assertEquals(reasons(service), [{ stamp, oom: false, fault }]);
  service.refuse("run", undefined).done();
  assertEquals(service.elapse(60_000).did("write"), []);
  assertEquals(service.port.status.stamp.sec > stamp.sec, true);
});

Deno.test("restart-policy never, and a start that fails: over, not done, and why", () => {
  const service = new SupervisedService({ "restart-policy": "never" }).refuse("run", "it is empty");
  service.begin();
  const { stamp } = service.port.status;
  assertEquals(reasons(service), [{ stamp, oom: false, over: "policy", fault: "it is empty" }]);
});

Deno.test("a removed service directory: one warning for all that fails in it, with the cure", () => {
  const service = running();
  service.port.gone = true;
  service.fail("replace", ENOENT).fail("notify", ENOENT).refuse("run", "there is no such file");
  const warnings = service.exit(1).elapse(300_000).did("warn");
  assertEquals(warnings.length, 1);
  assertMatch(warnings[0]!, /directory was removed while.* s6-svscanctl -an SCANDIR/);
});

for (const max of [100, 7, 1]) {
  Deno.test(`max-death-tally ${max}: what readers count is every death, past the tally and after it was emptied`, () => {
    const service = running({ "max-death-tally": String(max) });
    const count = (): unknown =>
      restarts({
        deaths: service.deaths,
        reasons: parseReasons(service.port.files.get("supervise/reason") ?? new Uint8Array()),
        maxDeaths: max,
        status: service.port.status,
      });
    for (let died = 1; died <= 3 * max + 2; died++) {
      service.exit(1).elapse(1000);
      assertEquals(count(), { count: died, atLeast: false });
    }
    service.write("supervise/death_tally", "").exit(1).elapse(1000);
    assertEquals(count(), { count: 1, atLeast: false });
  });
}

Deno.test("the reason is on record before ./finish is started, and before the status says that the service is down", () => {
  const service = running({ "restart-policy": "never", finish: "" }).exit(1);
  assertEquals(service.did("write", "finish", "status"), [
    "write supervise/death_tally",
    "write supervise/reason",
    "finish 1001 (1 0 db 1000)",
    "status pid 1001 finishing",
  ]);
});

Deno.test("supervise/reason that can't be written: a warning, and the service is restarted", () => {
  const service = running({ "restart-delay": "500" }).fail("replace supervise/reason", ENOSPC).exit(
    1,
  );
  assertEquals(service.did("warn"), [
    "warn unable to update supervise/reason: No space left on device",
  ]);
  assertEquals(service.elapse(500).did("run"), ["run 1001"]);
});

Deno.test("a hundred reasons are kept", () => {
  const service = running({ "restart-delay": "1", "restart-delay-max": "1" });
  for (let i = 0; i < 150; i++) service.exit(1).elapse(1);
  assertEquals(reasons(service).length, 100);
});
