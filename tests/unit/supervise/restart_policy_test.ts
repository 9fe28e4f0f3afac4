/**
 * restart-policy, restart-delay, restart-delay-max, max-restarts: read at each death; and what an
 * administrator's commands make of them.
 */
import { assert, assertEquals } from "@std/assert";
import { EACCES } from "../../../lib/core/linux/errno.ts";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

const HOUR_MS = 3_600_000;

Deno.test("restart-policy never: down for good after any death, O before D, until somebody wants it up", () => {
  const service = running({ "restart-policy": "never\n" }).elapse(5000).exit(3);
  assertEquals(service.port.events, "sudOD");
  assertEquals(service.elapse(HOUR_MS).did("run"), []);
  assertEquals(service.send("u").did("run"), ["run 1001"]);
});

Deno.test("restart-policy on-failure: exit 0 is the end, anything else is not", () => {
  const service = running({ "restart-policy": "on-failure" }).elapse(5000).exit(1).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.elapse(5000).exit(0).elapse(HOUR_MS).did("run"), []);
  assertEquals(service.port.events, "sudDudOD");
});

Deno.test("restart-policy on-failure: the down-signal is the end as exit 0 is, whoever sent it; which one that is says down-signal", () => {
  assertEquals(
    running({ "restart-policy": "on-failure" }).dieOf(15).elapse(HOUR_MS).did("run"),
    [],
  );
  const service = running({ "restart-policy": "on-failure", "down-signal": "USR1" }).elapse(5000)
    .dieOf(15).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.dieOf(10).elapse(HOUR_MS).did("run"), []);
});

Deno.test("restart-policy is read at each death", () => {
  const service = running({ "restart-policy": "never" }).write("restart-policy", "always").elapse(
    5000,
  ).exit(0).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(
    service.write("restart-policy", "never").elapse(5000).exit(0).elapse(HOUR_MS).did("run"),
    [],
  );
});

for (const content of ["", "sometimes\n", "NEVER\n", "\xff\x00", "never again\n"]) {
  Deno.test(`restart-policy ${JSON.stringify(content)}: a warning, and it is restarted as ever`, () => {
    const service = running({ "restart-policy": content }).elapse(5000).exit(0).elapse(0);
    assertEquals(service.did("warn", "run"), [
      "warn invalid restart-policy: neither always nor on-failure nor never (using the default)",
      "run 1001",
    ]);
  });
}

for (const name of ["restart-policy", "restart-delay", "restart-delay-max", "max-restarts"]) {
  Deno.test(`${name} that can't be read: a warning, and it is restarted as ever`, () => {
    const service = running().fail(`read ${name}`, EACCES).elapse(5000).exit(1).elapse(0);
    assertEquals(service.did("warn", "run"), [
      `warn unable to read ${name}: Permission denied`,
      "run 1001",
    ]);
  });
}

for (const name of ["restart-delay", "restart-delay-max"]) {
  Deno.test(`${name} that is no number: a warning, and it is restarted as ever`, () => {
    const service = running({ [name]: "1s\n" }).elapse(5000).exit(1).elapse(0);
    assertEquals(service.did("warn", "run"), [
      `warn invalid ${name}: not an unsigned number (using the default)`,
      "run 1001",
    ]);
  });
}

Deno.test("max-restarts that is none: a warning, and it is restarted as ever", () => {
  const service = running({ "max-restarts": "3 in a minute\n" }).elapse(5000).exit(1).elapse(0);
  assertEquals(service.did("warn", "run"), [
    "warn invalid max-restarts: not N/SECONDS with N up to 4096 and at least one second (using the default)",
    "run 1001",
  ]);
});

Deno.test("restart-policy never, and `r`: an administrator's restart is a restart, and the one after it is not", () => {
  const service = running({ "restart-policy": "never" }).elapse(5000).send("r").dieOf(15).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.elapse(5000).exit(0).elapse(HOUR_MS).did("run"), []);
});

Deno.test("restart-policy never, and `du`, a restart in two words", () => {
  assertEquals(
    running({ "restart-policy": "never" }).elapse(5000).send("du").dieOf(15).elapse(0).did("run"),
    ["run 1001"],
  );
});

Deno.test("restart-policy never, and `u` on a service that is up: nothing is asked for that it has not", () => {
  assertEquals(
    running({ "restart-policy": "never" }).elapse(5000).send("u").exit(0).elapse(HOUR_MS).did(
      "run",
    ),
    [],
  );
});

Deno.test("restart-policy never, and `u` while ./finish runs: started, without O", () => {
  const service = running({ "restart-policy": "never", finish: "" }).elapse(5000).exit(0).send("u")
    .exit(0).elapse(0);
  assertEquals(service.did("run"), ["run 1002"]);
  assertEquals(service.port.events, "sudDu");
});

for (const [missing, code] of [[true, 127], [false, 126]] as const) {
  Deno.test(`restart-policy never and a ./run that can't be started: O, not tried again, an essential one ends everybody with ${code}`, () => {
    const service = new SupervisedService({ "restart-policy": "never", "flag-essential": "" })
      .refuse("run", "no");
    service.port.isRunMissing = missing;
    assertEquals(service.begin().did("warn", "event"), [
      "event s",
      "warn no (not trying again: restart-policy is never)",
      "event O",
    ]);
    assertEquals([service.essentialEnds, service.elapse(HOUR_MS).did("no")], [[code], []]);
    assertEquals(service.refuse("run", undefined).send("u").did("run"), ["run 1000"]);
  });
}

Deno.test("restart-policy on-failure and a ./run that can't be started: tried again after a minute, as ever", () => {
  const service = new SupervisedService({ "restart-policy": "on-failure" }).refuse("run", "no")
    .begin();
  assertEquals(service.did("warn"), ["warn no (waiting 60 seconds)"]);
  assertEquals(service.refuse("run", undefined).elapse(60_000).did("run"), ["run 1000"]);
});

Deno.test("restart-delay: each death in a row doubles it, up to restart-delay-max; as long a life begins anew", () => {
  const service = running({ "restart-delay": "500\n", "restart-delay-max": "1500\n" });
  for (const delayMs of [500, 1000, 1500, 1500]) {
    service.exit(1);
    assertEquals(service.elapse(delayMs - 1).did("run").length, 0, `before ${delayMs}`);
    assertEquals(service.elapse(1).did("run").length, 1, `after ${delayMs}`);
  }
  assertEquals(service.elapse(1500).exit(1).elapse(499).did("run").length, 0);
  assertEquals(service.elapse(1).did("run").length, 1);
});

Deno.test("restart-delay counts from the death of ./run: the time of ./finish is in it", () => {
  const service = running({ "restart-delay": "500", finish: "" }).elapse(10_000).exit(1).elapse(300)
    .exit(0);
  assertEquals(service.elapse(199).did("run"), []);
  assertEquals(service.elapse(1).did("run"), ["run 1002"]);
});

for (const jumpMs of [-86_400_000, 86_400_000]) {
  Deno.test(`back-off and max-restarts: the clock is set ${jumpMs < 0 ? "back" : "forth"} by a day, and nothing changes`, () => {
    const service = running({ "restart-delay": "500", "max-restarts": "2/60" }).exit(1);
    service.port.wallclockOffsetMs = jumpMs;
    assertEquals(service.elapse(499).did("run"), []);
    assertEquals(service.elapse(1).did("run"), ["run 1001"]);
    assertEquals(service.exit(1).elapse(1000).did("run"), ["run 1002"]);
    assertEquals(service.exit(1).elapse(HOUR_MS).did("run", "event"), ["event dOD"]);
  });
}

Deno.test("`u` while a back-off counts: started at once, and the next delay is the first one again", () => {
  const service = running({ "restart-delay": "500" }).exit(1).elapse(500).exit(1);
  assertEquals(service.send("u").did("run"), ["run 1001", "run 1002"]);
  assertEquals(service.exit(1).elapse(499).did("run"), []);
  assertEquals(service.elapse(1).did("run"), ["run 1003"]);
});

Deno.test("`o` while a back-off counts: started at once, and not again", () => {
  const service = running({ "restart-delay": "500" }).exit(1).send("o");
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.exit(1).elapse(HOUR_MS).did("run"), []);
});

Deno.test("`d` while a back-off counts: no start; `u` later starts at once", () => {
  const service = running({ "restart-delay": "500" }).exit(1).send("d").elapse(HOUR_MS);
  assertEquals(service.did("run"), []);
  assertEquals(service.send("u").did("run"), ["run 1001"]);
});

for (
  const [what, tell] of [["x", (s: SupervisedService) => s.send("x")], [
    "TERM",
    (s: SupervisedService) => s.signal("TERM"),
  ]] as const
) {
  Deno.test(`${what} while a back-off counts: the supervisor ends at once`, () => {
    const service = tell(running({ "restart-delay": "60000" }).exit(1));
    assertEquals([service.ends, service.elapse(HOUR_MS).did("run")], [1, []]);
  });
}

Deno.test("`u` while ./finish runs skips the delay that the death had led to", () => {
  const service = running({ "restart-delay": "60000", finish: "" }).elapse(5000).exit(1).send("u")
    .exit(0).elapse(0);
  assertEquals(service.did("run"), ["run 1002"]);
});

Deno.test("`r` while a back-off is on record: restarted without a delay, and it does not count", () => {
  const service = running({ "restart-delay": "500", "max-restarts": "1/60" }).exit(1).elapse(500)
    .elapse(2000).send("r").dieOf(15).elapse(
      0,
    );
  assertEquals(service.did("run"), ["run 1001", "run 1002"]);
  assertEquals(service.exit(1).did("event").at(-1), "event dOD");
});

Deno.test("max-restarts: one more in that time is a failure for good: told, O, and `u` begins anew", () => {
  const service = running({ "max-restarts": "2/10\n" });
  for (let i = 0; i < 2; i++) service.exit(1).elapse(1000);
  assertEquals(service.exit(1).did("warn", "event").slice(-2), [
    "warn the service dies too often (max-restarts: 2 in 10 seconds; it stays down until s6-svc -u)",
    "event dOD",
  ]);
  assertEquals(service.elapse(HOUR_MS).did("run"), []);
  assertEquals(service.send("u").exit(1).elapse(1000).did("run"), ["run 1003", "run 1004"]);
});

Deno.test("max-restarts: ./finish runs before the failure is told", () => {
  const service = running({ "max-restarts": "0/10", finish: "" }).exit(1);
  assertEquals(service.port.events, "sud");
  assertEquals(service.exit(0).port.events, "sudOD");
});

Deno.test("max-restarts of an essential service: its last exit code is everybody's", () => {
  const service = running({ "max-restarts": "1/10", "flag-essential": "" }).exit(1).elapse(1000)
    .dieOf(11);
  assertEquals(service.essentialEnds, [139]);
});

Deno.test("restart-policy of an essential service: its end is everybody's, with 0 as well", () => {
  assertEquals(
    running({ "restart-policy": "on-failure", "flag-essential": "" }).exit(0).essentialEnds,
    [0],
  );
});

Deno.test("the usual second is all that a service without these files waits, and nothing is put on record", () => {
  const service = running().exit(1);
  assertEquals(service.elapse(1000).did("write", "run"), [
    "write supervise/death_tally",
    "run 1001",
  ]);
  assert(service.port.text("supervise/reason") === undefined);
});
