/** supervise/reason: what is put on record, and the kill of the kernel for want of memory. */
import { assertEquals } from "@std/assert";
import { parseReasons } from "../../../lib/servicedir/core/death_reasons.ts";
import { ENOSPC } from "../../../lib/core/linux/errno.ts";
import { addMilliseconds } from "../../../lib/core/time/tain.ts";
import { running, type SupervisedService } from "../../fake/supervised_service.ts";

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
