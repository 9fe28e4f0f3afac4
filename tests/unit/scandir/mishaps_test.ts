/**
 * A throw that nobody expects, in every call of the port of s6-svscan's loop: the others go on, and
 * what was not done is tried again.
 */
import { assert, assertEquals } from "@std/assert";
import { SABOTAGE, Saboteur } from "../../fake/saboteur.ts";
import { Svscan } from "../../fake/svscan.ts";

const FOUND = "web:d1+l1 db:d2 s6-svscan-log:d3";
const MORE = "web:d1+l1 db:d2 s6-svscan-log:d3 late:d4";

/** Supervisors end as often as they are told to, or have died; time passes. */
function passTime(svscan: Svscan): void {
  for (let round = 0; round < 10; round++) {
    for (const supervisor of svscan.alive) if (supervisor.told.length > 0) supervisor.end();
    for (const [name, end] of [...svscan.port.outputEnds]) {
      svscan.port.outputEnds.delete(name);
      end();
    }
    svscan.elapse(2000);
  }
}

function names(svscan: Svscan): string[] {
  return svscan.alive.map(({ name }) => name).sort();
}

/**
 * Begins, loses a supervisor and gets it back, finds a new service, prunes one that is gone, ends.
 */
function live(saboteur: Saboteur, namesOutput: boolean): Svscan {
  const svscan = new Svscan(FOUND, { namesOutput }, (port) => saboteur.disguise(port));
  svscan.toleratesMishaps = true;
  svscan.begin().elapse(10_000);
  assertEquals(names(svscan), ["db", "s6-svscan-log", "web", "web/log"], "at first");
  svscan.end("db").elapse(10_000);
  assertEquals(
    names(svscan),
    ["db", "s6-svscan-log", "web", "web/log"],
    "when db has been begun again",
  );
  svscan.holds(MORE).send("a").elapse(10_000);
  // the order itself may have been what failed
  if (!names(svscan).includes("late")) svscan.send("a").elapse(10_000);
  assertEquals(names(svscan), ["db", "late", "s6-svscan-log", "web", "web/log"], "with a new one");
  svscan.holds(FOUND).send("an").elapse(10_000);
  passTime(svscan);
  if (names(svscan).includes("late")) svscan.send("an").elapse(10_000);
  passTime(svscan);
  assertEquals(
    names(svscan),
    ["db", "s6-svscan-log", "web", "web/log"],
    "without one that has gone",
  );
  svscan.signal("SIGHUP").signal("SIGCHLD").elapse(10_000);
  svscan.signal("SIGTERM").elapse(2000);
  passTime(svscan);
  assertEquals([svscan.leaves, names(svscan)], [1, []], "at the end");
  assert(
    svscan.port.mishaps.every((text) => text.includes(SABOTAGE)),
    svscan.port.mishaps.join("\n"),
  );
  return svscan;
}

/** A supervisor and a log that have begun are there: their calls do not throw behind that. */
const BEGINNINGS: ReadonlySet<string> = new Set(["supervise", "logOutput", "pipe"]);

for (const namesOutput of [false, true]) {
  for (const when of ["before", "after"] as const) {
    const what = namesOutput ? " that names its output" : "";
    Deno.test(`an s6-svscan${what}: a throw ${when} each call of its port: one warning, the others go on, and the end is in order`, () => {
      const calls = new Saboteur();
      live(calls, namesOutput);
      calls.calls.forEach((name, at) => {
        if (when === "after" && BEGINNINGS.has(name)) return;
        try {
          const svscan = live(new Saboteur({ at, when }), namesOutput);
          if (name !== "warn") {
            assertEquals(svscan.port.mishaps.length, 1, svscan.done().join("\n"));
          }
        } catch (error) {
          throw new Error(`call ${at}, ${name}, throws ${when}`, { cause: error });
        }
      });
    });
  }
}

Deno.test("an s6-svscan whose port throws whenever a call of one kind is made: nothing is thrown at others, and it goes on when that is over", () => {
  const calls = new Saboteur();
  live(calls, true);
  for (const name of new Set(calls.calls)) {
    const saboteur = new Saboteur({ at: name, when: "before" });
    const svscan = new Svscan(FOUND, {}, (port) => saboteur.disguise(port));
    svscan.toleratesMishaps = true;
    if (name === "monotonicMs") continue; // a clock that never tells the time is none
    svscan.begin().send("an").signal("SIGHUP").signal("SIGCHLD").signal("SIGUSR1").elapse(60_000);
    saboteur.sabotage = undefined;
    svscan.send("a").elapse(10_000);
    assertEquals(names(svscan), ["db", "s6-svscan-log", "web", "web/log"], name);
    assert(svscan.port.mishaps.length <= 20, `${name}: ${svscan.port.mishaps.length} warnings`);
    svscan.signal("SIGTERM");
    passTime(svscan);
    assertEquals(svscan.leaves, 1, name);
  }
});

Deno.test("one service that can't be begun for a reason that nobody expected: told once, tried each second, and the others run", () => {
  const svscan = new Svscan("a:d1 b:d2", {}, (port) =>
    new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name !== "supervise") return value.bind(target);
        return (service: Parameters<typeof target.supervise>[0]) => {
          if (service.name === "a") throw new TypeError(SABOTAGE);
          return target.supervise(service);
        };
      },
    }));
  svscan.toleratesMishaps = true;
  svscan.begin().elapse(100_000);
  assertEquals(names(svscan), ["b"]);
  assertEquals(svscan.port.mishaps.length, 1);
  assert(
    svscan.port.mishaps[0]!.includes("about a (trying again every second)"),
    svscan.port.mishaps[0],
  );
});
