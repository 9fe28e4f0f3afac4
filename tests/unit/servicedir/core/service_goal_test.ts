import { assertEquals } from "@std/assert";
import {
  type Goal,
  type Progress,
  progressOf,
  pursue,
  type Pursuit,
} from "../../../../lib/servicedir/core/service_goal.ts";

function begin(goal: Goal, up: boolean, more: Partial<Pursuit> = {}): Pursuit {
  const watch = { up, ready: !up, beenDown: !up, failed: false };
  return { goal, once: false, tellsReadiness: false, watch, deaths: 0, ...more };
}

const TELLS = { tellsReadiness: true };
const ONCE = { once: true };

// deno-fmt-ignore
const cases: readonly (readonly [what: string, first: Pursuit, events: string, progress: Progress, deaths: number])[] = [
  ["up: nothing yet", begin("up", false), "", "waiting", 0],
  ["up: started, and may die at once", begin("up", false), "u", "settling", 0],
  ["up: died at once", begin("up", false), "udD", "waiting", 1],
  ["up: started for the third time", begin("up", false), "udDudDu", "settling", 2],
  ["up: ready", begin("up", false, TELLS), "uU", "reached", 0],
  ["up: started, not ready", begin("up", false, TELLS), "u", "waiting", 0],
  ["up: ready after a death", begin("up", false, TELLS), "udDuU", "reached", 1],
  ["up: failed for good", begin("up", false), "udOD", "failed", 1],
  ["up: the supervisor is gone", begin("up", false), "x", "failed", 0],
  ["up once: died, finish runs", begin("up", false, ONCE), "ud", "waiting", 1],
  ["up once: died", begin("up", false, ONCE), "udD", "failed", 1],
  ["up once: ready", begin("up", false, { ...ONCE, ...TELLS }), "uU", "reached", 0],
  ["restarted: still in its old life", begin("restarted", true), "", "waiting", 0],
  ["restarted: died of it", begin("restarted", true), "dD", "waiting", 1],
  ["restarted: up again", begin("restarted", true), "dDu", "settling", 1],
  ["restarted: ready again", begin("restarted", true, TELLS), "dDuU", "reached", 1],
  ["restarted: was down", begin("restarted", false, TELLS), "uU", "reached", 0],
  ["down: finish still runs", begin("down", true), "d", "waiting", 1],
  ["down: done", begin("down", true), "dD", "reached", 1],
  ["down: it was", begin("down", false), "", "reached", 0],
  ["ended: it lives through it", begin("ended", true), "", "waiting", 0],
  ["ended: died, finish runs", begin("ended", true, ONCE), "d", "reached", 1],
  ["ended: it was down", begin("ended", false), "", "reached", 0],
  ["down: a failure for good is down too", begin("down", true), "dOD", "reached", 1],
];

for (const [what, first, events, progress, deaths] of cases) {
  Deno.test(`a pursuit of ${what}: ${progress}`, () => {
    const last = [...events].reduce(pursue, first);
    assertEquals([progressOf(last), last.deaths], [progress, deaths]);
  });
}
