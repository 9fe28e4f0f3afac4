/**
 * A throw that nobody expects, in every call of a supervisor's port and within its decisions: the
 * service goes on.
 */
import { assert, assertEquals } from "@std/assert";
import { SABOTAGE, type Sabotage, Saboteur } from "../../fake/saboteur.ts";
import { SupervisedService } from "../../fake/supervised_service.ts";

const HOUR_MS = 3_600_000;
/** The longest that anything has to wait for its next try, and some time more. */
const PATIENCE_MS = 200_000;

const FILES = {
  finish: "",
  "notification-fd": "3",
  "lock-fd": "4",
  "timeout-kill": "5000",
  "timeout-drain": "300",
  "flag-kill-leftovers": "",
  "flag-essential": "",
  "restart-delay": "2000",
  "max-death-tally": "5",
} as const;

/** Whatever of the story's world has to end does, until ./run lives. */
function untilUp(service: SupervisedService): void {
  for (let round = 0; round < 20; round++) {
    if (service.supervisor.state === "UP" && service.port.livePid !== undefined) break;
    if (service.supervisor.sweeping) service.leftovers(0);
    if (service.supervisor.state === "FINISH" && service.port.livePid !== undefined) {
      service.exit(0);
    }
    service.elapse(PATIENCE_MS / 10);
  }
  assertEquals([service.supervisor.state, service.supervisor.status.pid], [
    "UP",
    service.port.livePid!,
  ]);
}

/** ./run dies and everything that follows from it happens, up to its next life or its end. */
function die(service: SupervisedService): void {
  if (service.port.livePid !== undefined) service.exit(1);
  for (let round = 0; round < 10 && !service.supervisor.ended; round++) {
    if (service.supervisor.sweeping) service.leftovers(round === 0 ? 1 : 0);
    if (service.supervisor.state === "FINISH" && service.port.livePid !== undefined) {
      service.exit(0);
    }
    service.elapse(PATIENCE_MS / 10);
  }
}

/** Up, ready, a death, up again, a command, told to stop and started again, told to end. */
function live(files: Readonly<Record<string, string>>, saboteur: Saboteur): SupervisedService {
  const sabotage = saboteur.sabotage;
  saboteur.sabotage = undefined; // a supervisor that can't even be made is a matter of s6-svscan's
  const service = new SupervisedService(files, (port) => saboteur.disguise(port));
  saboteur.sabotage = sabotage;
  service.toleratesMishaps = true;
  service.begin();
  untilUp(service);
  service.ready().elapse(HOUR_MS);
  die(service);
  untilUp(service);
  service.send("h").send("l").send("d").elapse(1000);
  die(service);
  service.send("u");
  untilUp(service);
  service.signal("TERM").elapse(1000);
  die(service);
  assertEquals([service.ends, service.supervisor.ended, service.port.livePid], [
    1,
    true,
    undefined,
  ]);
  assert(
    service.port.mishaps.every((text) => text.includes(SABOTAGE)),
    service.port.mishaps.join("\n"),
  );
  return service;
}

const TREES = {
  "with every file": FILES,
  "with no file": {},
  "with finish": { finish: "" },
} as const;

for (const [what, files] of Object.entries(TREES)) {
  for (const when of ["before", "after"] as const) {
    Deno.test(`a supervisor ${what}: a throw ${when} each call of its port: one warning, and the service lives its life to the end`, () => {
      const calls = new Saboteur();
      live(files, calls);
      calls.calls.forEach((name, at) => {
        if (at < 1) return; // in the constructor
        try {
          const service = live(files, new Saboteur({ at, when }));
          // what is said can't be said where saying it throws; no warning is a lesser evil than no
          // service
          if (name !== "warn") {
            assertEquals(service.port.mishaps.length, 1, service.done().join("\n"));
          }
        } catch (error) {
          throw new Error(`call ${at}, ${name}, throws ${when}`, { cause: error });
        }
      });
    });
  }
}

/** Those whose failing for good makes a life impossible, whatever is done about it. */
const VITAL: ReadonlySet<string> = new Set([
  "setTimer",
  "spawnRun",
  "livingChild",
  "moment",
  "kill",
]);

Deno.test("a supervisor whose port throws whenever a call of one kind is made: told once; unless that call is vital, the service lives its life", () => {
  const calls = new Saboteur();
  live(FILES, calls);
  for (const name of new Set(calls.calls)) {
    if (VITAL.has(name) || name === "warn") continue;
    for (const when of ["before", "after"] as const) {
      try {
        const service = live(FILES, new Saboteur({ at: name, when }));
        assertEquals(
          new Set(service.port.mishaps).size,
          service.port.mishaps.length,
          "each place is told once",
        );
      } catch (error) {
        throw new Error(`${name} throws ${when} whenever it is called`, { cause: error });
      }
    }
  }
});

// not the clock, which has no way to fail: without one nothing can be waited for
for (const name of [...VITAL].filter((vital) => vital !== "moment")) {
  Deno.test(`a supervisor whose port always throws in ${name}: nothing is thrown at others, and when it no longer does, the service is up again`, () => {
    const saboteur = new Saboteur();
    const service = new SupervisedService(FILES, (port) => saboteur.disguise(port));
    service.toleratesMishaps = true;
    saboteur.sabotage = { at: name, when: "before" } satisfies Sabotage;
    service.begin().ready().elapse(HOUR_MS).send("rdulpc");
    if (service.port.livePid !== undefined) service.exit(1);
    service.elapse(HOUR_MS).send("u").elapse(HOUR_MS);
    saboteur.sabotage = undefined;
    service.send("u");
    untilUp(service);
    service.signal("TERM");
    die(service);
    assertEquals(service.ends, 1);
    assert(service.port.mishaps.length <= 20, `${service.port.mishaps.length} warnings`);
  });
}

Deno.test("a throw within the decision about a death: decided again a second later, and the process is not taken for one that lives", () => {
  let broken = false;
  const service = new SupervisedService({}, (port) =>
    new Proxy(port, {
      get: (target, name) => {
        const value = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (name !== "moment" || !broken) return value.bind(target);
        const whole = target.moment();
        return () => ({
          monotonicMs: whole.monotonicMs,
          get wallclock() {
            throw new TypeError(SABOTAGE);
          },
        });
      },
    }));
  service.toleratesMishaps = true;
  service.begin().elapse(10_000);
  broken = true;
  service.exit(3);
  assertEquals([service.supervisor.state, service.port.mishaps.length], ["UP", 1]);
  broken = false;
  service.elapse(1000).elapse(0);
  assertEquals([
    service.supervisor.state,
    service.supervisor.status.pid,
    service.deaths.map(({ exitcode }) => exitcode),
  ], ["UP", 1001, [
    3,
  ]]);
});
