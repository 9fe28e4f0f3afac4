import { assert, assertEquals, assertFalse } from "@std/assert";
import type { DeathReason } from "../../../../lib/servicedir/core/death_reasons.ts";
import {
  isSvstatField,
  isUp,
  printedSignal,
  type ServiceView,
  SVSTAT_FIELDS,
  type SvstatField,
  svstatLine,
} from "../../../../lib/servicedir/core/svstat_line.ts";
import type { Svstatus } from "../../../../lib/servicedir/core/svstatus.ts";
import { parseTai64n, type Tain } from "../../../../lib/core/time/tain.ts";

const CHANGED = parseTai64n("@400000006b0230d90556ad0c")!;
const READY = { sec: CHANGED.sec + 2n, nano: CHANGED.nano };
const NOW = { sec: CHANGED.sec + 701n, nano: CHANGED.nano + 1 };

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
const DOWN: Svstatus = { ...UP, pid: 0, flagwantup: false, flagready: true };
const NEVER_STARTED: Svstatus = { ...DOWN, flagpaused: true };
const FINISHING: Svstatus = { ...UP, pid: 6050, flagfinishing: true, wstat: 3 << 8 };

function viewOf(status: Svstatus, changes: Partial<ServiceView> = {}): ServiceView {
  return { status, now: NOW, normallyUp: true, reason: undefined, deaths: () => 3, ...changes };
}

// deno-fmt-ignore
const lines: readonly (readonly [what: string, status: Svstatus, normallyUp: boolean, line: string])[] = [
  ["up", UP, true, "up (pid 6042 pgid 6042) 701 seconds"],
  ["up and ready", { ...UP, flagready: true }, true, "up (pid 6042 pgid 6042) 701 seconds, ready 699 seconds"],
  ["up with everything else", { ...UP, flagpaused: true, flagwantup: false, flagready: true }, false,
    "up (pid 6042 pgid 6042) 701 seconds, normally down, paused, want down, ready 699 seconds"],
  ["down after a signal", { ...DOWN, wstat: 6 }, false, "down (signal SIGABRT) 701 seconds, ready 699 seconds"],
  ["down after a core dump", { ...DOWN, wstat: 6 | 0x80 }, false, "down (signal SIGABRT) 701 seconds, ready 699 seconds"],
  ["down after a real-time signal", { ...DOWN, wstat: 40 }, false, "down (signal SIG???) 701 seconds, ready 699 seconds"],
  ["down with an exit code", { ...DOWN, wstat: 7 << 8 }, true, "down (exitcode 7) 701 seconds, normally up, ready 699 seconds"],
  ["down and wanted up", { ...DOWN, flagwantup: true }, true, "down (exitcode 0) 701 seconds, normally up, want up, ready 699 seconds"],
  ["finishing", FINISHING, true, "down (exitcode 3) 701 seconds, normally up, want up"],
  ["never started", NEVER_STARTED, false, "down (not started yet) "],
  ["never started, normally up", { ...NEVER_STARTED, flagwantup: true }, true, "down (not started yet) , normally up, want up"],
];

for (const [what, status, normallyUp, line] of lines) {
  Deno.test(`svstatLine(): ${what}`, () => {
    assertEquals(svstatLine(viewOf(status, { normallyUp }), { signalNumbers: false }), line);
  });
}

Deno.test("svstatLine(): prints the number of a signal if asked to", () => {
  const view = viewOf({ ...DOWN, wstat: 15 }, { normallyUp: false });
  assertEquals(
    svstatLine(view, { signalNumbers: true }),
    "down (signal 15) 701 seconds, ready 699 seconds",
  );
});

Deno.test("svstatLine(): stamps of a clock that was set back count as now", () => {
  const past: Tain = { sec: CHANGED.sec - 5n, nano: 0 };
  const view = viewOf({ ...UP, flagready: true }, { now: past });
  assertEquals(
    svstatLine(view, { signalNumbers: false }),
    "up (pid 6042 pgid 6042) 0 seconds, ready 0 seconds",
  );
});

function fieldsOf(status: Svstatus, now = NOW): Record<SvstatField, string> {
  const names = Object.keys(SVSTAT_FIELDS) as SvstatField[];
  const view = viewOf(status, { now });
  return Object.fromEntries(names.map((name) => [name, SVSTAT_FIELDS[name](view)])) as Record<
    SvstatField,
    string
  >;
}

const UP_FIELDS: Record<SvstatField, string> = {
  up: "true",
  wantedup: "true",
  normallyup: "true",
  ready: "false",
  paused: "false",
  pid: "6042",
  pgid: "6042",
  exitcode: "-1",
  signal: "NA",
  signum: "-1",
  updownsince: "@400000006b0230d90556ad0c",
  readysince: "@400000006b0230db0556ad0c",
  updownfor: "701",
  readyfor: "699",
  reason: "NA",
  oom: "false",
  backoff: "-1",
  deaths: "3",
};
const DOWN_FIELDS = { ...UP_FIELDS, up: "false", pid: "-1", pgid: "-1", exitcode: "0" };

// deno-fmt-ignore
const fields: readonly (readonly [what: string, status: Svstatus, expected: Record<SvstatField, string>])[] = [
  ["of a service that is up", UP, UP_FIELDS],
  ["of one that is up, ready and paused", { ...UP, flagready: true, flagpaused: true }, { ...UP_FIELDS, ready: "true", paused: "true" }],
  ["of one that is up never tell how the last one died", { ...UP, wstat: 15 }, UP_FIELDS],
  ["of one that is down: ready is false", { ...DOWN, flagwantup: true }, DOWN_FIELDS],
  ["of one that was killed", { ...DOWN, flagwantup: true, wstat: 15 }, { ...DOWN_FIELDS, exitcode: "-1", signal: "SIGTERM", signum: "15" }],
  ["of one that finishes", FINISHING, { ...DOWN_FIELDS, exitcode: "3" }],
  ["of one that was never started", NEVER_STARTED, { ...DOWN_FIELDS, wantedup: "false", exitcode: "-1" }],
];

for (const [what, status, expected] of fields) {
  Deno.test(`the fields ${what}`, () => assertEquals(fieldsOf(status), expected));
}

const KILLED: Svstatus = { ...DOWN, wstat: 9 };
const IN_TWO_SECONDS: Tain = { sec: NOW.sec + 2n, nano: NOW.nano };
const DOWN_LINE = "down (signal SIGKILL) 701 seconds, normally up";
const READY_PART = ", ready 699 seconds";

// deno-fmt-ignore
const reasons: readonly (readonly [what: string, wanted: boolean, reason: Partial<DeathReason>, line: string, fields: Partial<Record<SvstatField, string>>])[] = [
  ["killed for want of memory", true, { oom: true }, `, want up${READY_PART}, out of memory`, { oom: "true" }],
  ["waiting for its next start", true, { next: IN_TWO_SECONDS }, `, want up${READY_PART}, next start in 2 seconds`,
    { reason: "backoff", backoff: "2" }],
  ["a part of a second before its next start", true, { next: { sec: NOW.sec, nano: NOW.nano + 1 } },
    `, want up${READY_PART}, next start in 1 seconds`, { reason: "backoff", backoff: "1" }],
  ["about to be started", true, { next: CHANGED }, `, want up${READY_PART}, next start in 0 seconds`, { reason: "backoff", backoff: "0" }],
  ["both", true, { oom: true, next: IN_TWO_SECONDS }, `, want up${READY_PART}, out of memory, next start in 2 seconds`,
    { oom: "true", reason: "backoff", backoff: "2" }],
  ["told to stay down while it waited", false, { next: IN_TWO_SECONDS }, READY_PART, {}],
  ["ended by its restart-policy", false, { over: "policy" }, `${READY_PART}, not restarted (restart-policy)`, { reason: "policy" }],
  ["ended by its max-restarts", false, { over: "max-restarts" }, `${READY_PART}, failed for good (max-restarts)`, { reason: "max-restarts" }],
  ["ended by its finish, which C knows", false, { over: "finish" }, READY_PART, { reason: "finish" }],
  ["wanted up again after its end", true, { over: "policy" }, `, want up${READY_PART}`, {}],
];

for (const [what, flagwantup, changes, line, expected] of reasons) {
  const view = viewOf({ ...KILLED, flagwantup }, {
    reason: { stamp: CHANGED, oom: false, ...changes },
  });
  Deno.test(`svstatLine() and fields of a service that is down, ${what}`, () => {
    assertEquals(svstatLine(view, { signalNumbers: false }), `${DOWN_LINE}${line}`);
    const usual: Partial<Record<SvstatField, string>> = {
      reason: "NA",
      oom: "false",
      backoff: "-1",
    };
    const names = ["reason", "oom", "backoff"] as const;
    assertEquals(Object.fromEntries(names.map((name) => [name, SVSTAT_FIELDS[name](view)])), {
      ...usual,
      ...expected,
    });
  });
}

Deno.test("the fields of a stamp in the future show now", () => {
  const shown = fieldsOf(UP, { sec: CHANGED.sec - 5n, nano: 0 });
  assertEquals([shown.updownsince, shown.updownfor, shown.readyfor], [
    "@400000006b0230d400000000",
    "0",
    "0",
  ]);
});

Deno.test("isSvstatField() knows the fields and no property of an object", () => {
  assert(isSvstatField("readysince"));
  assertFalse(isSvstatField("toString"));
  assertFalse(isSvstatField(""));
});

Deno.test("isUp(): a finish script is not the service", () => {
  assertEquals([UP, DOWN, FINISHING, NEVER_STARTED].map(isUp), [true, false, false, false]);
});

Deno.test("printedSignal() always starts with SIG", () => {
  assertEquals([15, 6, 17, 29, 64, 0].map(printedSignal), [
    "SIGTERM",
    "SIGABRT",
    "SIGCHLD",
    "SIGPOLL",
    "SIG???",
    "SIG???",
  ]);
});
