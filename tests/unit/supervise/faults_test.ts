/**
 * What can't be written, asked or told is a warning; no fault stops the service or its supervisor.
 */
import { assert, assertEquals } from "@std/assert";
import { EACCES, ENOSPC, EROFS } from "../../../lib/core/linux/errno.ts";
import { COMMANDS } from "../../../lib/supervise/core/machine.ts";
import { seededRandom } from "../core/seeded_random.ts";
import { running, SupervisedService } from "../../fake/supervised_service.ts";

const X = 0x78;
const FULL = "warn unable to write status file: No space left on device";

Deno.test("a full disk: each status that can't be written is told; start, readiness, death and restart go on", () => {
  const service = new SupervisedService({ "notification-fd": "3", finish: "" }).fail(
    "replace supervise/status",
    ENOSPC,
  ).begin();
  assertEquals(service.done(), [FULL, "event s", "run 1000 ready on 3", FULL, "event u"]);
  assertEquals(service.ready().done(), [FULL, "event U"]);
  assertEquals(service.elapse(1000).exit(0).did("warn", "finish", "event"), [
    "finish 1001 (0 0 db 1000)",
    FULL,
    "event d",
  ]);
  assertEquals(service.exit(0).elapse(0).did("event", "run"), [
    "event D",
    "run 1002 ready on 3",
    "event u",
  ]);
});

Deno.test("a disk that has room again: the next change is written", () => {
  const service = new SupervisedService().fail("replace supervise/status", ENOSPC).begin().fail(
    "replace supervise/status",
    0,
  );
  assertEquals(service.send("p").did("status"), ["status pid 1000 wanted paused"]);
});

Deno.test("a death tally that can't be written: a warning, ./finish runs", () => {
  const service = running({ finish: "" }).fail("replace supervise/death_tally", ENOSPC).exit(0);
  assertEquals(service.did("warn", "finish"), [
    "warn unable to update supervise/death_tally: No space left on device",
    "finish 1001 (0 0 db 1000)",
  ]);
});

Deno.test("a fifodir that can't be read: a warning for each event, and the service lives on to its end", () => {
  const service = new SupervisedService().fail("notify", EACCES).begin();
  assertEquals(service.did("warn"), [
    "warn unable to notify listeners: Permission denied",
    "warn unable to notify listeners: Permission denied",
  ]);
  service.elapse(1000).exit(0).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.signal("TERM").dieOf(15).ends, 1);
});

Deno.test("`D` on a read-only directory: a warning, and it works as `d`", () => {
  const service = running().fail("create", EROFS).send("D");
  assertEquals(service.done(), [
    "warn unable to create ./down file: Read-only file system",
    "kill 1000 15",
    "kill 1000 18",
    "status pid 1000",
  ]);
});

Deno.test("`U` on a read-only directory: a warning, and it works as `u`", () => {
  const service = running({ down: "" }).fail("remove", EROFS).send("U");
  assertEquals(service.did("warn", "run"), [
    "warn unable to unlink ./down file: Read-only file system",
    "run 1000",
  ]);
});

Deno.test("flag-newpidns that can't be looked at: a warning, started without", () => {
  const service = new SupervisedService().fail("exists flag-newpidns", EACCES).begin();
  assertEquals(service.did("warn", "run"), [
    "warn unable to access flag-newpidns: Permission denied",
    "run 1000",
  ]);
});

Deno.test("flag-timeout-killpg that can't be looked at: a warning, the process alone is killed", () => {
  const service = running({ "timeout-kill": "10" }).fail("exists flag-timeout-killpg", EACCES).send(
    "d",
  );
  service.done();
  assertEquals(service.elapse(10).did("warn", "kill"), [
    "warn unable to access flag-timeout-killpg: Permission denied",
    "kill 1000 9",
    "kill 1000 18",
  ]);
});

Deno.test("everything fails at once and for long: the service is started, killed and ended all the same", () => {
  const service = new SupervisedService();
  for (const operation of ["read", "exists", "create", "remove", "replace", "notify"] as const) {
    service.fail(operation, EACCES);
  }
  service.begin();
  assertEquals(service.did("run"), ["run 1000"]);
  service.elapse(1000).exit(1).elapse(0);
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.send("D").did("kill"), ["kill 1001 15", "kill 1001 18"]);
  assertEquals(service.dieOf(15).send("x").ends, 1);
});

/** One thing that happens in a storm. */
function happen(service: SupervisedService, random: (below: number) => number): void {
  switch (random(6)) {
    case 0:
      service.elapse(random(3000));
      break;
    case 1:
      if (service.port.livePid !== undefined) service.exit(random(256));
      break;
    case 2:
      if (service.port.livePid !== undefined) service.dieOf(1 + random(31));
      break;
    case 3:
      service.fail("replace", random(3) === 0 ? ENOSPC : 0);
      break;
    case 4:
      service.refuse("run", random(8) === 0 ? "refused" : undefined);
      break;
    default: {
      // an `x` ends the storm: now and then is enough
      const byte = random(256);
      if (byte !== X || random(20) === 0) service.supervisor.command(byte);
    }
  }
}

Deno.test("20 storms of 10,000 bytes, deaths, faults and time: never two processes, never a signal to a stranger; `u` brings it up", () => {
  const random = seededRandom(10_000);
  for (let storm = 0; storm < 20; storm++) {
    const service = new SupervisedService(
      storm % 2 === 0 ? { finish: "", "timeout-kill": "500" } : { "notification-fd": "3" },
    ).begin();
    for (let i = 0; i < 10_000 && !service.supervisor.ended; i++) happen(service, random);
    if (service.supervisor.ended) {
      assertEquals(service.ends, 1);
      continue;
    }
    service.refuse("run", undefined).fail("replace", 0).send("u");
    for (let i = 0; i < 100 && service.supervisor.state !== "UP"; i++) {
      if (service.supervisor.state === "FINISH") service.exit(0);
      if (!service.supervisor.ended) service.elapse(1000);
    }
    assert(service.supervisor.ended || service.supervisor.status.pid === service.port.livePid);
    assert(
      service.supervisor.ended || service.supervisor.state === "UP",
      service.supervisor.state,
    );
  }
});

Deno.test("a storm of commands without `x`: the service is alive at the end and the status on disk is the true one", () => {
  const random = seededRandom(231);
  const letters = COMMANDS.replace("x", "");
  const service = running({ finish: "" });
  for (let i = 0; i < 10_000; i++) {
    service.send(letters[random(letters.length)]!);
    if (random(3) === 0 && service.port.livePid !== undefined) service.exit(random(3));
    if (random(3) === 0) service.elapse(random(2000));
  }
  service.send("u");
  if (service.supervisor.state === "FINISH") service.exit(0).elapse(1000);
  assertEquals(service.supervisor.state, "UP");
  assertEquals(service.port.status, service.supervisor.status);
  assertEquals(service.port.status.pid, service.port.livePid);
});
