/** What sv's commands mean, and when what they ask for is there. Source: runit, sv.c. */
import { assertEquals } from "@std/assert";
import {
  daemontoolsLine,
  type OldStatus,
  oldStatus,
  runitLine,
} from "../../../lib/compat/core/old_status.ts";
import { isReached, s6Letters, svAction } from "../../../lib/compat/core/sv_action.ts";
import { tainFromUnix } from "../../../lib/core/time/tain.ts";

const BEGUN = tainFromUnix(1000n, 0);
const DOWN: OldStatus = {
  state: "down",
  pid: 0,
  paused: false,
  wantsUp: false,
  ready: false,
  neverStarted: false,
  since: tainFromUnix(990n, 0),
};
const UP: OldStatus = { ...DOWN, state: "run", pid: 7, wantsUp: true };
const FRESH = { since: tainFromUnix(1001n, 0) };

Deno.test("svAction(): words count whole or by their first letter", () => {
  for (
    const [word, letters, waits, kills] of [
      ["up", "u", "", false],
      ["interrupt", "i", "", false],
      ["term", "t", "", false],
      ["exit", "x", "", false],
      ["check", "", "C", false],
      ["try-restart", "tc", "tc", false],
      ["restart", "tcu", "tcu", false],
      ["force-stop", "d", "d", true],
      ["force-shutdown", "x", "x", true],
    ] as const
  ) assertEquals(svAction(word), { letters, waits, kills }, word);
  assertEquals([svAction("status"), svAction("s")], ["status", "status"]);
  for (const word of ["", "r", "force", "foo", "z"]) assertEquals(svAction(word), undefined, word);
  assertEquals(s6Letters("x"), "dx");
});

Deno.test("isReached(): by letter, state and time", () => {
  for (
    const [waits, status, healthy, reached] of [
      ["u", DOWN, true, false],
      ["u", UP, true, true],
      ["u", UP, false, false],
      ["d", DOWN, true, true],
      ["d", { ...UP, state: "finish" }, true, false],
      ["C", DOWN, false, true],
      ["C", UP, false, false],
      ["tcu", UP, true, false],
      ["tcu", { ...UP, ...FRESH }, true, true],
      ["tcu", { ...UP, ...FRESH, state: "finish" }, true, false],
      ["tc", DOWN, true, true],
      ["o", { ...UP, wantsUp: false }, true, true],
      ["p", UP, true, false],
      ["p", { ...UP, paused: true }, true, true],
      ["c", { ...UP, paused: true }, true, false],
      ["x", UP, true, false],
      ["x", { ...DOWN, ...FRESH }, true, false],
      ["x", { ...UP, ...FRESH }, true, true],
      ["x", { ...DOWN, ...FRESH, neverStarted: true }, true, true],
      ["h", UP, false, true],
    ] as const
  ) assertEquals(isReached(waits, status, BEGUN, () => healthy), reached, waits);
});

Deno.test("the lines of sv and svstat", () => {
  const view = { now: tainFromUnix(1000n, 5), normallyUp: true };
  const paused = { status: { ...UP, paused: true, wantsUp: false }, ...view, normallyUp: false };
  assertEquals(runitLine("web", { status: UP, ...view }), "run: web: (pid 7) 10s");
  assertEquals(runitLine("web", { status: DOWN, ...view }), "down: web: 10s, normally up");
  assertEquals(
    runitLine("web", paused),
    "run: web: (pid 7) 10s, normally down, paused, want down",
  );
  assertEquals(daemontoolsLine(paused), "up (pid 7) 10 seconds, normally down, paused, want down");
  assertEquals(
    runitLine("w", { status: { ...DOWN, wantsUp: true, ...FRESH }, ...view }),
    "down: w: 0s, normally up, want up",
  );
});

Deno.test("oldStatus(): a finish script has the pid; a pid of 0 is never paused", () => {
  const status = {
    stamp: BEGUN,
    readystamp: BEGUN,
    pid: 7,
    wstat: 0,
    flagpaused: false,
    flagfinishing: true,
    flagwantup: true,
    flagready: false,
  };
  assertEquals(oldStatus(status).state, "finish");
  const { state, paused, neverStarted } = oldStatus({ ...status, pid: 0, flagpaused: true });
  assertEquals([state, paused, neverStarted], ["down", false, true]);
});
