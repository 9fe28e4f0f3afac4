import { assertEquals, assertMatch } from "@std/assert";
import {
  isWell,
  lastDeath,
  nextStart,
  otherwiseWanted,
  restarts,
  type ServiceFacts,
  type ServiceState,
  serviceState,
  startFault,
  stateSince,
  stateWord,
} from "../../../../lib/status/core/service_state.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";

const CHANGED = tainFromUnix(1000, 0);
const READY = tainFromUnix(1002, 0);

const UP: Svstatus = {
  stamp: CHANGED,
  readystamp: READY,
  pid: 6042,
  wstat: 0,
  flagpaused: false,
  flagfinishing: false,
  flagwantup: true,
  flagready: false,
};

const SERVICE: ServiceFacts = {
  name: "web",
  directory: "/run/service/web",
  isLogger: false,
  supervised: true,
  status: UP,
  tellsReadiness: false,
  isHosted: false,
  normallyUp: true,
  deaths: [],
  maxDeaths: 100,
  reasons: [],
};

function facts(status: Partial<Svstatus>, more: Partial<ServiceFacts> = {}): ServiceFacts {
  return { ...SERVICE, status: { ...UP, ...status }, ...more };
}

function over(why: "policy" | "max-restarts" | "finish"): Partial<ServiceFacts> {
  return { reasons: [{ stamp: CHANGED, oom: false, over: why }] };
}

const TELLS = { tellsReadiness: true };
const { status: _, ...WITHOUT_STATUS } = SERVICE;

// deno-fmt-ignore
const states: readonly (readonly [what: string, facts: ServiceFacts, state: ServiceState, well: boolean, otherwise?: "up" | "down"])[] = [
  ["up, tells no readiness", facts({}), "up", true],
  ["up, not ready yet", facts({}, TELLS), "up", false],
  ["up and ready", facts({ flagready: true }, TELLS), "ready", true],
  ["up, paused", facts({ flagpaused: true }), "up", false],
  ["ready, paused", facts({ flagready: true, flagpaused: true }, TELLS), "ready", false],
  ["up once", facts({ flagwantup: false }), "up", true, "down"],
  ["stopping before it was ready", facts({ flagwantup: false }, TELLS), "up", true, "down"],
  ["finishing, will be started again", facts({ flagfinishing: true }), "finishing", false, "up"],
  ["finishing for good", facts({ flagfinishing: true, flagwantup: false }), "finishing", true],
  ["down as wanted", facts({ pid: 0, flagwantup: false, flagready: true }), "down", true],
  ["down, wanted up", facts({ pid: 0, flagready: true }), "backing off", false, "up"],
  ["never started, and can't be", facts({ pid: 0, flagpaused: true, flagready: true }), "backing off", false, "up"],
  ["down, having died too often", facts({ pid: 0, flagwantup: false }, over("max-restarts")), "failed", false],
  ["down, since finish said so", facts({ pid: 0, flagwantup: false }, over("finish")), "failed", false],
  ["down, having ended as it may", facts({ pid: 0, flagwantup: false }, over("policy")), "down", true],
  ["down, having ended badly, without another start", facts({ pid: 0, flagwantup: false, wstat: 256 }, over("policy")), "failed", false],
  ["down, having ended as exit-codes-ok says", facts({ pid: 0, flagwantup: false, wstat: 256 }, { reasons: [{ stamp: CHANGED, oom: false, over: "policy", done: true }] }), "down", true],
  ["down, having never started, without another try", facts({ pid: 0, flagwantup: false }, { reasons: [{ stamp: CHANGED, oom: false, over: "policy", fault: "no run" }] }), "failed", false],
  ["down, having failed in an earlier life", facts({ pid: 0, flagwantup: false, stamp: READY }, over("finish")), "down", true],
  ["up again after it had failed", facts({}, over("finish")), "up", true],
  ["not supervised", { ...WITHOUT_STATUS, supervised: false }, "not supervised", false],
  ["out of sight", { ...WITHOUT_STATUS, supervised: false, fault: "Permission denied" }, "unknown", false],
];

for (const [what, service, state, well, otherwise] of states) {
  Deno.test(`a service that is ${what}: ${state}, ${well ? "well" : "not well"}`, () => {
    assertEquals([serviceState(service), isWell(service), otherwiseWanted(service)], [
      state,
      well,
      otherwise,
    ]);
  });
}

Deno.test("stateWord(): done is one that is down because it has done its work", () => {
  assertEquals(stateWord(facts({ pid: 0, flagwantup: false }, over("policy"))), "done");
  assertEquals(
    stateWord(facts({ pid: 0, flagwantup: false, wstat: 256 }, over("policy"))),
    "failed",
  );
  assertEquals(stateWord(facts({ pid: 0, flagwantup: false })), "down");
  assertEquals(stateWord(facts({}, over("policy"))), "up");
});

Deno.test("startFault(): why it does not run though it was to, and nothing once it runs or is wanted down", () => {
  const fault = { reasons: [{ stamp: CHANGED, oom: false, fault: "no x bit" }] };
  assertEquals(startFault(facts({ pid: 0 }, fault)), "no x bit");
  assertEquals(startFault(facts({ pid: 0, stamp: READY }, fault)), undefined);
  assertEquals(startFault(facts({}, fault)), undefined);
  assertEquals(startFault(facts({ pid: 0, flagwantup: false }, fault)), undefined);
  assertMatch(startFault(facts({ pid: 0, wstat: 127 << 8 })) ?? "", /^exit code 127: .* not found/);
  assertMatch(startFault(facts({ pid: 0, wstat: 126 << 8 })) ?? "", /^exit code 126: .* executed/);
  assertEquals(startFault(facts({ pid: 0, wstat: 1 << 8 })), undefined);
  assertEquals(startFault(facts({ pid: 0, wstat: 127 << 8, flagpaused: true })), undefined);
});

Deno.test("stateSince(): since it was ready, since it went up or down, or never", () => {
  assertEquals(stateSince(facts({ flagready: true }, TELLS)), READY);
  assertEquals(stateSince(facts({})), CHANGED);
  assertEquals(stateSince(facts({ pid: 0, flagpaused: true })), undefined);
  assertEquals(stateSince(WITHOUT_STATUS), undefined);
});

const DEATHS = [1, 2, 3].map((second) => ({
  stamp: tainFromUnix(second, 0),
  exitcode: 128 + second,
  sig: second,
}));

Deno.test("restarts(): of a service that runs each death was one; of one that is down the last was not", () => {
  assertEquals(restarts(facts({}, { deaths: DEATHS })), { count: 3, atLeast: false });
  assertEquals(restarts(facts({ pid: 0 }, { deaths: DEATHS })), { count: 2, atLeast: false });
  assertEquals(restarts(facts({ flagfinishing: true }, { deaths: DEATHS })), {
    count: 2,
    atLeast: false,
  });
  assertEquals(restarts(facts({ pid: 0 })), { count: 0, atLeast: false });
  assertEquals(restarts(facts({}, { deaths: DEATHS, maxDeaths: 3 })), { count: 3, atLeast: true });
  assertEquals(restarts(facts({}, { maxDeaths: 0 })), { count: 0, atLeast: true });
});

Deno.test("lastDeath(): the newest on record; without a record what the status tells of a service that is down", () => {
  assertEquals(lastDeath(facts({}, { deaths: DEATHS })), DEATHS[2]);
  assertEquals(lastDeath(facts({ pid: 0, wstat: 256 })), undefined);
  const unrecorded = { maxDeaths: 0 };
  assertEquals(lastDeath(facts({ pid: 0, wstat: 3 << 8 }, unrecorded)), {
    stamp: CHANGED,
    exitcode: 3,
    sig: 0,
  });
  assertEquals(lastDeath(facts({ pid: 0, wstat: 9 }, unrecorded)), {
    stamp: CHANGED,
    exitcode: 137,
    sig: 9,
  });
  assertEquals(lastDeath(facts({ wstat: 9 }, unrecorded)), undefined);
  assertEquals(lastDeath(facts({ pid: 0, flagpaused: true }, unrecorded)), undefined);
});

Deno.test("nextStart(): when a delay ends, as long as the service is down", () => {
  const reasons = [{ stamp: CHANGED, oom: false, next: READY }];
  assertEquals(nextStart(facts({ pid: 0 }, { reasons })), READY);
  assertEquals(nextStart(facts({}, { reasons })), undefined);
  assertEquals(nextStart(facts({ pid: 0, flagwantup: false }, { reasons })), undefined);
});
