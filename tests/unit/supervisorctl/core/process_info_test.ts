/** Services as supervisorctl shows them. */
import { assertEquals } from "@std/assert";
import {
  namespecOf,
  processInfo,
  splitNamespec,
  statusLines,
  uptime,
} from "../../../../lib/supervisorctl/core/process_info.ts";
import { actionList } from "../../../../lib/supervisorctl/core/action_help.ts";
import type { ServiceFacts } from "../../../../lib/status/core/service_state.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";

const STAMP = tainFromUnix(1000n, 0);
const STATUS: Svstatus = {
  stamp: STAMP,
  readystamp: STAMP,
  pid: 0,
  wstat: 0,
  flagpaused: false,
  flagfinishing: false,
  flagwantup: false,
  flagready: false,
};
const FACTS: ServiceFacts = {
  name: "web",
  directory: "/s/web",
  isLogger: false,
  supervised: true,
  tellsReadiness: false,
  isHosted: false,
  normallyUp: true,
  deaths: [],
  maxDeaths: 100,
  reasons: [],
};
const CLOCK = {
  now: tainFromUnix(4662n, 0),
  local: () => ({ year: 2026, month: 12, day: 1, hour: 16, minute: 5, second: 0 }),
};

/** State, pid and description. */
function shown(status: Partial<Svstatus>, facts: Partial<ServiceFacts> = {}): unknown[] {
  const { state, pid, description } = processInfo(
    { ...FACTS, status: { ...STATUS, ...status }, ...facts },
    { group: "g", name: "web" },
    CLOCK,
  );
  return [state, pid, description];
}

Deno.test("processInfo(): each state of a service has one of supervisord's", () => {
  const up = { pid: 7, flagwantup: true };
  assertEquals(shown(up), ["RUNNING", 7, "pid 7, uptime 1:01:02"]);
  assertEquals(shown({ ...up, flagpaused: true }), [
    "RUNNING",
    7,
    "pid 7, uptime 1:01:02, paused",
  ]);
  assertEquals(shown(up, { tellsReadiness: true }), ["STARTING", 7, ""]);
  assertEquals(shown({ ...up, flagready: true }, { tellsReadiness: true })[0], "RUNNING");
  assertEquals(shown({ ...up, flagwantup: false }), ["STOPPING", 7, ""]);
  assertEquals(shown({ ...up, flagfinishing: true })[0], "BACKOFF");
  assertEquals(shown({ flagwantup: true }), [
    "BACKOFF",
    0,
    "Exited too quickly (process log may have details)",
  ]);
  assertEquals(shown({ flagpaused: true }), ["STOPPED", 0, "Not started"]);
  assertEquals(shown({}), ["STOPPED", 0, "Dec 01 04:05 PM"]);
  assertEquals(shown({}, { fault: "denied" }), ["UNKNOWN", 0, "denied"]);
});

Deno.test("uptime(): as Python writes a time difference", () => {
  assertEquals([59n, 3599n, 86_399n, 86_400n, 180_000n, -5n].map(uptime), [
    "0:00:59",
    "0:59:59",
    "23:59:59",
    "1 day, 0:00:00",
    "2 days, 2:00:00",
    "0:00:00",
  ]);
});

Deno.test("names: of groups, of processes, of all of a group", () => {
  assertEquals(namespecOf({ group: "web", name: "web" }), "web");
  assertEquals(namespecOf({ group: "g", name: "web" }), "g:web");
  assertEquals(splitNamespec("web"), { group: "web", name: "web" });
  assertEquals(splitNamespec("g:web"), { group: "g", name: "web" });
  assertEquals(["g:", "g:*"].map((word) => splitNamespec(word).name), [undefined, undefined]);
});

Deno.test("statusLines(): columns that scripts cut at", () => {
  const info = { service: "x", pid: 0, state: "STOPPED", description: "Not started" } as const;
  const long = "a-name-that-is-longer-than-thirty-columns";
  assertEquals(statusLines([{ ...info, group: "web", name: "web" }]), [
    `${"web".padEnd(33)}STOPPED   Not started`,
  ]);
  assertEquals(statusLines([{ ...info, group: long, name: long }]), [
    `${long}   STOPPED   Not started`,
  ]);
});

Deno.test("actionList(): every action once, in columns of their own", () => {
  const [, title, line, ...rows] = actionList().trimEnd().split("\n");
  assertEquals(line, "=".repeat(title!.length));
  const words = rows.flatMap((row) => row.trimEnd().split(/ +/));
  assertEquals(words.length, new Set(words).size);
  assertEquals(words.length, 21);
});
