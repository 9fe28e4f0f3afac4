import { assertEquals, assertThrows } from "@std/assert";
import { nthDeath, parseDeathEvents } from "../../../../lib/servicedir/core/death_events.ts";
import type { Death } from "../../../../lib/servicedir/core/dtally.ts";

// deno-fmt-ignore
const lists: readonly (readonly [list: string, exitcodes: readonly number[], signals: readonly number[]])[] = [
  ["", [], []],
  ["1", [1], []],
  ["0,255", [0, 255], []],
  ["1,101-103,SIGSEGV,SIGBUS", [1, 101, 102, 103], [11, 7]],
  ["sigabrt;sig11 kill\t3\r\n4", [3, 4], [6, 11, 9]],
  ["7-7,", [7], []],
  ["1,, ;2", [1, 2], []],
  ["1SIGTERM", [1], [15]],
];

for (const [list, exitcodes, signals] of lists) {
  Deno.test(`parseDeathEvents() of ${JSON.stringify(list)}`, () => {
    const events = parseDeathEvents(list);
    assertEquals([...events.exitcodes], exitcodes);
    assertEquals([...events.signals], signals);
  });
}

const wrong: readonly (readonly [list: string, message: string])[] = [
  ["256", "invalid exit code"],
  ["1-300", "invalid exit code"],
  ["5-3", "invalid interval"],
  ["5-", "invalid interval specification"],
  ["5-x", "invalid interval specification"],
  ["nonsense", "invalid status list specification"],
  [",1", "invalid status list specification"],
  ["SIG99", "invalid status list specification"],
  ["SIG0", "invalid signal"],
];

for (const [list, message] of wrong) {
  Deno.test(`parseDeathEvents() refuses ${JSON.stringify(list)}`, () => {
    assertThrows(() => parseDeathEvents(list), SyntaxError, message);
  });
}

function death(sec: number, exitcode: number, sig = 0): Death {
  return { stamp: { sec: BigInt(sec), nano: 0 }, exitcode, sig };
}

const DEATHS = [death(10, 1), death(20, 143, 15), death(30, 2), death(40, 1), death(50, 137, 9)];

// deno-fmt-ignore
const counts: readonly (readonly [what: string, list: string, count: number, since: number, found: Death | undefined])[] = [
  ["the second exit code 1", "1", 2, 0, DEATHS[3]],
  ["a death at the limit counts", "1", 2, 10, DEATHS[3]],
  ["an older one does not", "1", 2, 11, undefined],
  ["a signal by name", "SIGTERM", 1, 0, DEATHS[1]],
  ["a signal by the exit code that stands for it", "129-255", 2, 0, DEATHS[4]],
  ["the number of a signal is an exit code", "15,9", 1, 0, undefined],
  ["both kinds together", "SIGKILL,1-2", 4, 0, DEATHS[4]],
  ["too few", "1", 3, 0, undefined],
];

for (const [what, list, count, since, found] of counts) {
  Deno.test(`nthDeath(): ${what}`, () => {
    assertEquals(
      nthDeath(DEATHS, parseDeathEvents(list), { count, since: { sec: BigInt(since), nano: 0 } }),
      found,
    );
  });
}
