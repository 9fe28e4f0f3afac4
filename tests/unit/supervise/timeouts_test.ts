/** timeout-kill, flag-timeout-killpg, timeout-finish. */
import { assertEquals } from "@std/assert";
import { running } from "../../fake/supervised_service.ts";

const FINISH_WARNING = "warn finish script lifetime reached maximum value - sending it a SIGKILL";

Deno.test("timeout-kill: SIGKILL when it is over, and again each 5 s as long as the service lives", () => {
  const service = running({ "timeout-kill": "3000\n" }).send("d");
  assertEquals(service.did("kill"), ["kill 1000 15", "kill 1000 18"]);
  assertEquals(service.elapse(2999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1000 9", "kill 1000 18"]);
  assertEquals(service.elapse(4999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1000 9", "kill 1000 18"]);
  assertEquals(service.elapse(5000).did("kill"), ["kill 1000 9", "kill 1000 18"]);
  assertEquals(service.dieOf(9).elapse(60_000).did("kill"), []);
});

for (const content of [undefined, "0\n"]) {
  Deno.test(`timeout-kill ${content === undefined ? "absent" : "0"}: never a SIGKILL`, () => {
    const service = running(content === undefined ? {} : { "timeout-kill": content }).send("d");
    assertEquals(service.did("kill"), ["kill 1000 15", "kill 1000 18"]);
    assertEquals(service.elapse(86_400_000).done(), []);
  });
}

Deno.test("timeout-kill is read when the down-signal is sent, and a second `d` counts anew", () => {
  const service = running({ "timeout-kill": "1000" }).write("timeout-kill", "2000").send("d")
    .elapse(1500).send("d");
  service.done();
  assertEquals(service.elapse(1999).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1000 9", "kill 1000 18"]);
});

Deno.test("timeout-kill counts for TERM as well, and for `D`", () => {
  for (
    const bringDown of [
      () => running({ "timeout-kill": "50" }).signal("TERM"),
      () => running({ "timeout-kill": "50" }).send("D"),
    ]
  ) {
    const service = bringDown();
    service.done();
    assertEquals(service.elapse(50).did("kill"), ["kill 1000 9", "kill 1000 18"]);
  }
});

Deno.test("timeout-kill of the last life does not hit the next one", () => {
  const service = running({ "timeout-kill": "3000" }).elapse(5000).send("d").elapse(100).dieOf(15)
    .send("u");
  assertEquals(service.did("run"), ["run 1001"]);
  assertEquals(service.elapse(60_000).done(), []);
});

Deno.test("`u` after `d` does not save the service from the SIGKILL that is due", () => {
  const service = running({ "timeout-kill": "100" }).send("du");
  service.done();
  assertEquals(service.elapse(100).did("kill"), ["kill 1000 9", "kill 1000 18"]);
});

Deno.test("flag-timeout-killpg: the SIGKILL goes to the group; the flag is looked at at that moment", () => {
  const service = running({ "timeout-kill": "100" }).send("d").write("flag-timeout-killpg", "");
  service.done();
  assertEquals(service.elapse(100).did("kill"), ["kill -1000 9", "kill -1000 18"]);
  assertEquals(service.remove("flag-timeout-killpg").elapse(5000).did("kill"), [
    "kill 1000 9",
    "kill 1000 18",
  ]);
});

for (const [content, limitMs] of [[undefined, 5000], ["100\n", 100], ["60000", 60_000]] as const) {
  Deno.test(`timeout-finish ${content?.trim() ?? "absent"}: SIGKILL after ${limitMs} ms, and again each 5 s`, () => {
    const service = running(
      content === undefined ? { finish: "" } : { finish: "", "timeout-finish": content },
    ).exit(0);
    service.done();
    assertEquals(service.elapse(limitMs - 1).done(), []);
    assertEquals(service.elapse(1).did("warn", "kill"), [
      FINISH_WARNING,
      "kill 1001 18",
      "kill 1001 9",
    ]);
    assertEquals(service.elapse(4999).done(), []);
    assertEquals(service.elapse(1).did("warn", "kill"), [
      FINISH_WARNING,
      "kill 1001 18",
      "kill 1001 9",
    ]);
    assertEquals(service.dieOf(9).elapse(0).did("event", "run"), [
      "event D",
      "run 1002",
      "event u",
    ]);
  });
}

Deno.test("timeout-finish 0: ./finish takes all the time it wants", () => {
  const service = running({ finish: "", "timeout-finish": "0" }).exit(0);
  service.done();
  assertEquals(service.elapse(86_400_000).done(), []);
  assertEquals(service.exit(0).did("event"), ["event D"]);
});

Deno.test("timeout-finish of the last life counts as well", () => {
  const service = running({ finish: "", "timeout-finish": "100" }).signal("TERM").dieOf(15);
  service.done();
  assertEquals(service.elapse(100).did("kill"), ["kill 1001 18", "kill 1001 9"]);
  assertEquals(service.dieOf(9).ends, 1);
});

Deno.test("the longest timeouts are no negative ones", () => {
  const service = running({
    finish: "",
    "timeout-kill": "4294967295",
    "timeout-finish": "4294967295",
  }).send("d");
  service.done();
  assertEquals(service.elapse(4_294_967_294).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1000 9", "kill 1000 18"]);
  service.dieOf(9).done();
  assertEquals(service.elapse(4_294_967_294).did("kill"), []);
});
