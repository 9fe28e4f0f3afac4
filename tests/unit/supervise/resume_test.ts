/** A supervisor that goes on in the middle of a life that an earlier one began. */
import { assertEquals } from "@std/assert";
import { UNKNOWN_WSTAT } from "../../../lib/core/linux/wstat.ts";
import { type Machine, newMachine, withStatus } from "../../../lib/supervise/core/machine.ts";
import type { Ongoing } from "../../../lib/supervise/core/ongoing.ts";
import { SupervisedService } from "../../fake/supervised_service.ts";

const PID = 77;

interface Middle {
  readonly changes?: Partial<Machine>;
  readonly due?: Ongoing["due"];
  readonly isNewSupervisor?: boolean;
  readonly files?: Readonly<Record<string, string>>;
}

/** Up as a process that an earlier supervisor started, unless `changes` says otherwise. */
function resumed(
  { changes, due = "never", isNewSupervisor = true, files }: Middle = {},
): SupervisedService {
  const service = new SupervisedService(files);
  const begun = newMachine(service.port.moment(), true);
  const machine = {
    ...withStatus(begun, { pid: PID, flagpaused: false, flagready: false }),
    state: "UP",
    ...changes,
  } as const;
  const child = machine.state === "SWEEP" || machine.state === "DOWN"
    ? {}
    : { child: { pid: PID, ours: true } };
  return service.resume({ machine, due, isNewSupervisor, ...child });
}

Deno.test("a supervisor of a running service tells its status and that it is there, and starts nothing", () => {
  assertEquals(resumed().done(), [`goes on with ${PID}`, `status pid ${PID} wanted`, "event su"]);
});

for (
  const [what, changes, event] of [
    ["ready", {}, "event suU"],
    ["finishing", { state: "FINISH" }, "event sd"],
    ["down", { state: "DOWN" }, "event s"],
  ] as const
) {
  Deno.test(`a supervisor of a service that is ${what} tells what the earlier one may have kept to itself`, () => {
    const status = withStatus(newMachine(resumed().port.moment(), true), {
      pid: what === "down" ? 0 : PID,
      flagpaused: false,
      flagready: what === "ready",
    }).status;
    assertEquals(resumed({ changes: { status, ...changes } }).did("event"), [event]);
  });
}

Deno.test("after a change of the program alone listeners are told nothing", () => {
  assertEquals(resumed({ isNewSupervisor: false }).did("event"), []);
});

Deno.test("the running service becomes ready, is stopped and killed in time", () => {
  const service = resumed({ files: { "timeout-kill": "3000" } });
  assertEquals(service.ready().did("event"), ["event su", "event U"]);
  assertEquals(service.send("d").did("kill"), [`kill ${PID} 15`, `kill ${PID} 18`]);
  assertEquals(service.elapse(3000).did("kill"), [`kill ${PID} 9`, `kill ${PID} 18`]);
  assertEquals(service.dieOf(9).did("event"), ["event dD"]);
});

Deno.test("a service that was dying is killed after its timeout-kill, counted anew", () => {
  const service = resumed({
    changes: { dying: true },
    due: "timeout-kill",
    files: { "timeout-kill": "3000" },
  });
  assertEquals(service.elapse(2999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), [`kill ${PID} 9`, `kill ${PID} 18`]);
});

Deno.test("an end that nobody can tell: ./finish gets 255 and -1, the tally 255; it is started again", () => {
  const service = resumed({ files: { finish: "" } });
  service.die(UNKNOWN_WSTAT);
  assertEquals(service.did("finish"), [`finish 1000 (255 -1 db ${PID})`]);
  assertEquals(service.deaths.map(({ exitcode, sig }) => [exitcode, sig]), [[255, 0]]);
  assertEquals(service.exit(0).elapse(1000).did("run"), ["run 1001"]);
});

Deno.test("an end that nobody can tell is no success", () => {
  const service = resumed({ files: { "restart-policy": "on-failure" } });
  assertEquals(service.die(UNKNOWN_WSTAT).elapse(1000).did("run"), ["run 1000"]);
});

Deno.test("./finish that ran goes on, and the next life follows it", () => {
  const service = resumed({ changes: { state: "FINISH" }, due: "timeout-finish" });
  assertEquals(service.did("run", "finish"), []);
  assertEquals(service.elapse(4999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), [`kill ${PID} 18`, `kill ${PID} 9`]);
  assertEquals(service.dieOf(9).elapse(1000).did("run"), ["run 1000"]);
});

Deno.test("what ./run has left is swept again", () => {
  const service = resumed({ changes: { state: "SWEEP" }, due: "leftovers" });
  assertEquals(service.did("sweep"), [`sweep ${PID} 15`]);
  assertEquals(service.leftovers(0).elapse(1000).did("run"), ["run 1000"]);
});

Deno.test("a service that was down stays so until its next start is due", () => {
  const service = resumed({ changes: { state: "DOWN" } });
  assertEquals(service.elapse(3_600_000).did("run"), []);
  assertEquals(service.send("u").did("run"), ["run 1000"]);
});

Deno.test("health checks go on", () => {
  assertEquals(resumed({ files: { "health-check": "" } }).isChecked, true);
});
