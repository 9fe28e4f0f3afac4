import { assertEquals } from "@std/assert";
import {
  eventDocument,
  eventWords,
  serviceEvent,
} from "../../../../lib/status/core/service_event.ts";
import type { ServiceFacts } from "../../../../lib/status/core/service_state.ts";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";

const DIED = tainFromUnix(1000, 0);
const NOW = tainFromUnix(1001, 0);

const DOWN: ServiceFacts = {
  name: "web",
  directory: "/s/web",
  isLogger: false,
  isHosted: false,
  supervised: true,
  status: {
    stamp: DIED,
    readystamp: DIED,
    pid: 0,
    wstat: 9,
    flagpaused: false,
    flagfinishing: false,
    flagwantup: true,
    flagready: true,
  },
  tellsReadiness: false,
  normallyUp: true,
  deaths: [{ stamp: DIED, exitcode: 137, sig: 9 }],
  maxDeaths: 100,
  reasons: [{ stamp: DIED, oom: true, next: tainFromUnix(1031, 0) }],
};
const UP: ServiceFacts = { ...DOWN, status: { ...DOWN.status!, pid: 42 } };

Deno.test("serviceEvent() knows the bytes of supervisors and no others", () => {
  assertEquals([..."suUdDOx"].map((letter) => serviceEvent(letter.charCodeAt(0))), [
    "supervised",
    "up",
    "ready",
    "died",
    "down",
    "failed",
    "unsupervised",
  ]);
  assertEquals([0, 10, 97, 255].map(serviceEvent), [undefined, undefined, undefined, undefined]);
});

Deno.test("eventWords() says what the files add to the event, if they are not ahead of it", () => {
  const words = (event: Parameters<typeof eventWords>[0]["event"], facts: ServiceFacts): string =>
    eventWords({ event, facts, time: NOW });
  assertEquals(words("up", UP), "up, pid 42");
  assertEquals(words("up", DOWN), "up");
  assertEquals(words("died", DOWN), "died: SIGKILL (out of memory)");
  assertEquals(words("died", { ...DOWN, deaths: [] }), "died");
  assertEquals(words("down", DOWN), "down, again in 30s");
  assertEquals(words("down", UP), "down");
  assertEquals(words("failed", DOWN), "failed for good");
});

Deno.test("eventDocument() has the pid only of what runs, and the death only of one that died", () => {
  const up = eventDocument({ event: "up", facts: UP, time: NOW });
  assertEquals([up.pid, up.exitCode, up.signal, up.outOfMemory, up.time], [
    42,
    null,
    null,
    false,
    "1970-01-01T00:16:41.000000000Z",
  ]);
  const died = eventDocument({ event: "died", facts: DOWN, time: NOW });
  assertEquals([died.pid, died.exitCode, died.signal, died.outOfMemory, died.nextStart], [
    null,
    null,
    "SIGKILL",
    true,
    null,
  ]);
  const down = eventDocument({ event: "down", facts: DOWN, time: NOW });
  assertEquals([down.signal, down.nextStart], [null, "1970-01-01T00:17:11.000000000Z"]);
});
