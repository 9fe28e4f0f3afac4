import { assertEquals } from "@std/assert";
import {
  type WaitState,
  waitState,
  type Wanted,
  watchEvent,
  watchStatus,
} from "../../../../lib/servicedir/core/svwait_state.ts";

const UP = { pid: 7, flagfinishing: false, flagready: false };
const UP_READY = { pid: 7, flagfinishing: false, flagready: true };
const FINISHING = { pid: 8, flagfinishing: true, flagready: false };
const DOWN = { pid: 0, flagfinishing: false, flagready: true };
const NEVER_STARTED = { pid: 0, flagfinishing: false, flagready: false };
type Start = typeof UP;

/** The waitState after `events`: pairs of a service's number and a byte. */
function run(starts: readonly Start[], events: string, wanted: Wanted, any = false): WaitState {
  const watches = starts.map(watchStatus);
  for (const [service, byte] of events.split(" ").filter((event) => event !== "")) {
    watches[Number(service)] = watchEvent(watches[Number(service)]!, byte!, wanted);
  }
  return waitState(watches, wanted, any);
}

const WAITING: WaitState = { kind: "waiting" };
const REACHED: WaitState = { kind: "reached" };
const failed = (services: number): WaitState => ({ kind: "failed", services });

const ONE_SERVICE: readonly (readonly [Start, string, Wanted, WaitState])[] = [
  [UP, "", "u", REACHED],
  [UP, "", "U", WAITING],
  [UP, "", "d", WAITING],
  [UP, "", "D", WAITING],
  [UP, "", "r", WAITING],
  [UP_READY, "", "u", REACHED],
  [UP_READY, "", "U", REACHED],
  [UP_READY, "", "R", WAITING],
  [FINISHING, "", "u", WAITING],
  [FINISHING, "", "d", REACHED],
  [FINISHING, "", "D", WAITING],
  [DOWN, "", "u", WAITING],
  [DOWN, "", "d", REACHED],
  [DOWN, "", "D", REACHED],
  [NEVER_STARTED, "", "D", REACHED],
  [DOWN, "0u", "u", REACHED],
  [DOWN, "0u", "U", WAITING],
  [DOWN, "0u 0U", "U", REACHED],
  [UP_READY, "0d", "d", REACHED],
  [UP_READY, "0d", "D", WAITING],
  [UP_READY, "0d 0D", "D", REACHED],
  [UP_READY, "0d 0D", "r", WAITING],
  [UP_READY, "0d 0D 0u", "r", REACHED],
  [UP_READY, "0d 0u", "r", REACHED],
  [UP_READY, "0d 0D 0u", "R", WAITING],
  [UP_READY, "0d 0D 0u 0U", "R", REACHED],
  [DOWN, "0u", "r", REACHED],
  [UP, "0O", "d", WAITING],
  [UP, "0d 0O 0D", "D", REACHED],
  [DOWN, "0u 0d 0O 0D", "U", failed(1)],
  [DOWN, "0u 0d 0O 0D 0u 0U", "U", failed(1)],
  [UP, "0d 0O 0D", "r", failed(1)],
  [UP, "0d 0x", "D", failed(1)],
  [UP, "0x", "u", REACHED],
  [UP, "0x", "U", failed(1)],
  [DOWN, "0x", "u", failed(1)],
  [DOWN, "0x", "r", failed(1)],
  [DOWN, "0x", "D", REACHED],
  [UP, "0s", "D", REACHED],
  [UP, "0s", "u", WAITING],
  [UP, "0s 0u", "r", REACHED],
  [DOWN, "0z 0\n", "u", WAITING],
];

for (const [start, events, wanted, expected] of ONE_SERVICE) {
  Deno.test(`one service, ${JSON.stringify(start)}, events "${events}", wanted ${wanted}: ${expected.kind}`, () => {
    assertEquals(run([start], events, wanted), expected);
    assertEquals(run([start], events, wanted, true), expected);
  });
}

Deno.test("waitState() of no service is reached", () => {
  assertEquals(waitState([], "u", false), REACHED);
  assertEquals(waitState([], "u", true), REACHED);
});

Deno.test("all: permanent failures of two services are counted, the D after each O does not hide them", () => {
  assertEquals(run([DOWN, DOWN], "0d 0O 0D 1d", "U"), WAITING);
  assertEquals(run([DOWN, DOWN], "0d 0O 0D 1d 1O 1D", "U"), failed(2));
});

Deno.test("all: one failure is told when the other service has arrived", () => {
  assertEquals(run([DOWN, DOWN, DOWN], "0u 0O 1u", "u"), WAITING);
  assertEquals(run([DOWN, DOWN, DOWN], "0u 0O 1u 2u", "u"), failed(1));
});

Deno.test("all: a service that leaves the wanted state while others are waited for is waited for again", () => {
  assertEquals(run([UP, DOWN], "0d 1u", "u"), WAITING);
  assertEquals(run([UP, DOWN], "0d 1u 0u", "u"), REACHED);
});

Deno.test("all: a supervisor that ends after its service went down is no failure", () => {
  assertEquals(run([UP, UP], "0d 0D 0x 1d", "d"), REACHED);
});

Deno.test("all: services that restart one after the other have restarted", () => {
  assertEquals(run([UP, UP], "0d 0u 1d", "r"), WAITING);
  assertEquals(run([UP, UP], "0d 0u 1d 1u", "r"), REACHED);
});

Deno.test("any: one service in the wanted state is enough, whatever failed before", () => {
  assertEquals(run([DOWN, DOWN], "0O", "u", true), WAITING);
  assertEquals(run([DOWN, DOWN], "0O 1u", "u", true), REACHED);
  assertEquals(run([DOWN, DOWN], "0O 1O", "u", true), failed(2));
});

Deno.test("any: of a restart all must have been down, and one be up", () => {
  assertEquals(run([UP, UP], "0d 0u", "r", true), WAITING);
  assertEquals(run([UP, UP], "0d 0u 1d", "r", true), REACHED);
});
