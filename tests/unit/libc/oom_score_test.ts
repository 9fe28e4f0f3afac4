import { assert, assertEquals } from "@std/assert";
import { oomScores, settleOwnOomScore, takeOomScores } from "../../../lib/libc/oom_score.ts";

Deno.test("which oom_score_adj we have is chosen when the first child is about to start, once", () => {
  const told: number[] = [];
  const choose = (given: number) => {
    told.push(given);
    return [{ own: given, children: given }];
  };
  takeOomScores(choose);
  assertEquals(told, []);
  settleOwnOomScore();
  settleOwnOomScore();
  const given = Number(Deno.readTextFileSync("/proc/self/oom_score_adj"));
  assertEquals(told, [given]);
  assertEquals(oomScores(), { own: given, children: given });
});

Deno.test("whoever asks what children get before there are any is told it", () => {
  takeOomScores((given) => [{ own: given, children: Math.min(1000, given + 1) }]);
  const scores = oomScores();
  assert(scores !== undefined);
  assertEquals(scores.children, Math.min(1000, scores.own + 1));
  takeOomScores((given) => [{ own: given, children: given }]);
  settleOwnOomScore(); // children of other tests get what comes
});
