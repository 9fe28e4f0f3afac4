/**
 * flag-kill-leftovers: between the death of ./run and ./finish, what it has left gets SIGTERM, then
 * SIGKILL.
 */
import { assertEquals } from "@std/assert";
import { running, type SupervisedService } from "../../fake/supervised_service.ts";

const KILL = { "flag-kill-leftovers": "", finish: "" };
const ACTS = ["sweep", "event", "finish", "run", "status", "warn"];

function swept(files: Readonly<Record<string, string>> = KILL): SupervisedService {
  const service = running(files).elapse(5000).exit(3);
  assertEquals(service.did(...ACTS), ["sweep 1000 15"]);
  return service;
}

Deno.test("nothing is left: ./finish at once, and everything is as ever", () => {
  assertEquals(swept().leftovers(0).did(...ACTS), [
    "sweep over",
    "finish 1001 (3 0 db 1000)",
    "status pid 1001 wanted finishing",
    "event d",
  ]);
});

Deno.test("nothing is left and there is no ./finish: dD in one", () => {
  assertEquals(swept({ "flag-kill-leftovers": "" }).leftovers(0).elapse(0).did(...ACTS), [
    "sweep over",
    "status pid 0 wanted ready",
    "event dD",
    "run 1001",
    "status pid 1001 wanted",
    "event u",
  ]);
});

Deno.test("something is left: down, not finished; ./finish when the last of it is gone, and then the next life", () => {
  const service = swept().leftovers(3);
  assertEquals(service.did(...ACTS), ["status pid 1000 wanted finishing", "event d"]);
  assertEquals(service.leftovers(1).did(...ACTS), []);
  assertEquals(service.leftovers(0).did(...ACTS), [
    "sweep over",
    "finish 1001 (3 0 db 1000)",
    "status pid 1001 wanted finishing",
  ]);
  assertEquals(service.exit(0).elapse(0).did("event", "run"), ["event D", "run 1002", "event u"]);
});

Deno.test("something is left and there is no ./finish: D when it is gone", () => {
  const service = swept({ "flag-kill-leftovers": "" }).leftovers(1);
  service.done();
  assertEquals(service.leftovers(0).did(...ACTS), [
    "sweep over",
    "status pid 0 wanted ready",
    "event D",
  ]);
});

for (const [content, limitMs] of [[undefined, 5000], ["0\n", 5000], ["200\n", 200]] as const) {
  Deno.test(`timeout-kill ${content?.trim() ?? "absent"}: SIGKILL after ${limitMs} ms; what outlives that is left alone 5 s later`, () => {
    const service = swept(content === undefined ? KILL : { ...KILL, "timeout-kill": content })
      .leftovers(2);
    service.done();
    assertEquals(service.elapse(limitMs - 1).did(...ACTS), []);
    assertEquals(service.elapse(1).leftovers(1).did(...ACTS), ["sweep 1000 9"]);
    assertEquals(service.elapse(4999).did(...ACTS), []);
    assertEquals(service.elapse(1).did(...ACTS), [
      "warn some of what ./run has left does not die (going on without it)",
      "sweep over",
      "finish 1001 (3 0 db 1000)",
      "status pid 1001 wanted finishing",
    ]);
  });
}

Deno.test("timeout-finish is ./finish's own: the time of the leftovers is not in it", () => {
  const service = swept({ ...KILL, "timeout-finish": "100" }).leftovers(1).elapse(4000).leftovers(
    0,
  );
  service.done();
  assertEquals(service.elapse(99).did("kill"), []);
  assertEquals(service.elapse(1).did("kill"), ["kill 1001 18", "kill 1001 9"]);
});

Deno.test("signal letters are for nobody meanwhile", () => {
  const service = swept().leftovers(1);
  service.done();
  assertEquals(service.send("abqhkti12pcyrlPCK").done(), []);
});

Deno.test("`d` meanwhile: not started again; `u`: started again", () => {
  assertEquals(swept().leftovers(1).send("d").leftovers(0).exit(0).elapse(60_000).did("run"), []);
  assertEquals(swept().leftovers(1).send("du").leftovers(0).exit(0).elapse(0).did("run"), [
    "run 1002",
  ]);
});

for (
  const [what, tell] of [["x", (s: SupervisedService) => s.send("x")], [
    "TERM",
    (s: SupervisedService) => s.signal("TERM"),
  ]] as const
) {
  Deno.test(`${what} meanwhile: the supervisor ends when they are gone and ./finish is done`, () => {
    const service = tell(swept().leftovers(1));
    assertEquals([service.did("stdio"), service.ends], [["stdio closed"], 0]);
    assertEquals(service.leftovers(0).ends, 0);
    assertEquals([service.exit(0).ends, service.elapse(60_000).did("run")], [1, []]);
  });
}

Deno.test("the last life leaves something: it goes before the supervisor", () => {
  const service = running(KILL).signal("TERM").dieOf(15).leftovers(1);
  assertEquals(service.ends, 0);
  assertEquals(service.leftovers(0).exit(0).ends, 1);
});

for (const signal of ["QUIT", "INT"] as const) {
  Deno.test(`${signal} meanwhile: the supervisor goes at once, and signals nobody any more`, () => {
    const service = swept().leftovers(1).signal(signal);
    assertEquals([service.ends, service.did("kill", "sweep")], [1, ["sweep over"]]);
    assertEquals(service.elapse(60_000).did("sweep", "finish"), []);
  });
}

Deno.test("restart-delay counts from the death, so the time of the leftovers is in it", () => {
  const service = swept({ ...KILL, "restart-delay": "6000" }).leftovers(1).elapse(4000).leftovers(0)
    .exit(0);
  assertEquals(service.elapse(1999).did("run"), []);
  assertEquals(service.elapse(1).did("run"), ["run 1002"]);
});

Deno.test("the flag is looked at at each death", () => {
  const service = running(KILL).remove("flag-kill-leftovers").exit(1);
  assertEquals(service.did("sweep", "finish"), ["finish 1001 (1 0 db 1000)"]);
});

Deno.test("what dies in the group of ./finish is not its business", () => {
  const service = swept().leftovers(0).exit(1);
  assertEquals(service.did("sweep"), ["sweep over"]);
});
