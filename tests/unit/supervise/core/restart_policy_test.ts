/** What the files about restarts make of one death after the other. */
import { assertEquals } from "@std/assert";
import type {
  Life,
  RestartHistory,
  RestartRules,
  Verdict,
} from "../../../../lib/supervise/core/restart_policy.ts";
import { judge, NO_HISTORY, USUAL_RULES } from "../../../../lib/supervise/core/restart_policy.ts";
import {
  parseMaxRestarts,
  parseRestartPolicy,
} from "../../../../lib/servicedir/core/restart_values.ts";

const SIGKILL = 9;
const SIGTERM = 15;
const SIGUSR1 = 10;

function life(changes: Partial<Life> = {}): Life {
  return { startedMs: 50_000, diedMs: 50_300, wstat: 0x0100, downSignal: SIGTERM, ...changes };
}

for (
  const [text, policy] of [
    ["always", "always"],
    ["on-failure", "on-failure"],
    ["never", "never"],
    ["", undefined],
    ["Always", undefined],
    ["never ", undefined],
    ["no", undefined],
    ["toString", undefined],
  ] as const
) {
  Deno.test(`restart-policy ${JSON.stringify(text)}: ${policy ?? "none"}`, () =>
    assertEquals(parseRestartPolicy(text), policy));
}

for (
  const [text, max] of [
    ["5/60", { count: 5, withinMs: 60_000 }],
    ["0/1", { count: 0, withinMs: 1000 }],
    ["4096/4294967295", { count: 4096, withinMs: 4_294_967_295_000 }],
    ["4097/60", undefined],
    ["5", undefined],
    ["5/", undefined],
    ["/60", undefined],
    ["5/0", undefined],
    ["5/60/1", undefined],
    ["5 / 60", undefined],
    ["-5/60", undefined],
    ["5/60s", undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`max-restarts ${JSON.stringify(text)}: ${max === undefined ? "none" : `${max.count} in ${max.withinMs} ms`}`, () => {
    assertEquals(parseMaxRestarts(text), max);
  });
}

Deno.test("without any file: a second after the last start, and nothing to remember", () => {
  const verdict = judge(USUAL_RULES, NO_HISTORY, life());
  assertEquals(verdict, { kind: "restart", atMs: 51_000, delayed: false, history: NO_HISTORY });
});

const POLICIES:
  readonly (readonly [what: string, changes: Partial<Life>, onFailure: "restart" | "over"])[] = [
    ["exit 0", { wstat: 0 }, "over"],
    ["exit 1", { wstat: 0x0100 }, "restart"],
    ["exit 143, a shell whose program died of SIGTERM", { wstat: 143 << 8 }, "restart"],
    ["SIGTERM, the down-signal", { wstat: SIGTERM }, "over"],
    ["SIGTERM with a core", { wstat: SIGTERM | 0x80 }, "over"],
    ["SIGKILL", { wstat: SIGKILL }, "restart"],
    ["SIGTERM, and the down-signal is another", { wstat: SIGTERM, downSignal: SIGUSR1 }, "restart"],
    ["SIGUSR1, the down-signal", { wstat: SIGUSR1, downSignal: SIGUSR1 }, "over"],
    ["SIGKILL, the down-signal", { wstat: SIGKILL, downSignal: SIGKILL }, "over"],
  ];

for (const [what, changes, onFailure] of POLICIES) {
  Deno.test(`restart-policy after ${what}: always: restart; on-failure: ${onFailure}; never: over`, () => {
    const kinds = (["always", "on-failure", "never"] as const).map((policy) =>
      judge({ policy }, NO_HISTORY, life(changes)).kind
    );
    assertEquals(kinds, ["restart", onFailure, "over"]);
  });
}

/**
 * How long after each death the next start is due, for lives that last so long, one after the
 * other.
 */
function delays(
  rules: Omit<RestartRules, "policy">,
  livesMs: readonly number[],
): (number | string)[] {
  let history: RestartHistory = NO_HISTORY;
  let nowMs = 1_000_000;
  return livesMs.map((lifeMs) => {
    const diedMs = nowMs + lifeMs;
    const verdict: Verdict = judge(
      { policy: "always", ...rules },
      history,
      life({ startedMs: nowMs, diedMs }),
    );
    if (verdict.kind === "over") return verdict.why;
    history = verdict.history;
    nowMs = Math.max(verdict.atMs, diedMs);
    return nowMs - diedMs;
  });
}

for (
  const [what, rules, livesMs, expected] of [
    ["neither file: the usual second, less the life", {}, [0, 300, 1000, 5000], [1000, 700, 0, 0]],
    ["0 in both is as neither", { delayMs: 0, delayMaxMs: 0 }, [0, 300], [1000, 700]],
    ["restart-delay: doubled each time", { delayMs: 100 }, [0, 0, 0, 0, 0], [
      100,
      200,
      400,
      800,
      1600,
    ]],
    ["restart-delay alone: up to a minute", { delayMs: 16_000 }, [0, 0, 0, 0], [
      16_000,
      32_000,
      60_000,
      60_000,
    ]],
    ["restart-delay above a minute, alone: always that", { delayMs: 90_000 }, [0, 0], [
      90_000,
      90_000,
    ]],
    ["restart-delay-max: the longest", { delayMs: 1000, delayMaxMs: 3000 }, [0, 0, 0, 0], [
      1000,
      2000,
      3000,
      3000,
    ]],
    ["restart-delay-max alone: from a second", { delayMaxMs: 3000 }, [0, 0, 0], [1000, 2000, 3000]],
    ["restart-delay-max alone, below a second", { delayMaxMs: 300 }, [0, 0, 0], [300, 300, 300]],
    [
      "restart-delay-max below restart-delay: always restart-delay",
      { delayMs: 500, delayMaxMs: 100 },
      [0, 0],
      [500, 500],
    ],
    ["a life shorter than the maximum changes nothing", { delayMs: 100, delayMaxMs: 800 }, [
      0,
      799,
      799,
    ], [100, 200, 400]],
    ["a life as long as the maximum: anew", { delayMs: 100, delayMaxMs: 800 }, [0, 0, 800, 0], [
      100,
      200,
      100,
      200,
    ]],
    ["the delay counts from the death, however long the life", { delayMs: 700, delayMaxMs: 700 }, [
      100_000,
      100_000,
    ], [700, 700]],
    ["a minute for ever is a minute", { delayMs: 1 }, [...Array(200).fill(0)], [
      ...Array.from({ length: 16 }, (_, i) => 2 ** i),
      ...Array(184).fill(60_000),
    ]],
  ] as const
) {
  Deno.test(`back-off, ${what}: ${expected.slice(0, 5).join(", ")}`, () =>
    assertEquals(delays(rules, livesMs), [...expected]));
}

Deno.test("back-off: the longest numbers that the files may hold do not overflow", () => {
  assertEquals(delays({ delayMs: 4_294_967_295, delayMaxMs: 4_294_967_295 }, [0, 0]), [
    4_294_967_295,
    4_294_967_295,
  ]);
});

const THREE_IN_TEN: RestartRules = {
  policy: "always",
  maxRestarts: { count: 3, withinMs: 10_000 },
};

for (
  const [what, rules, livesMs, expected] of [
    ["three restarts, and the fourth is too many", THREE_IN_TEN, [0, 0, 0, 0], [
      1000,
      1000,
      1000,
      "max-restarts",
    ]],
    ["the first of them is ten seconds ago: it does not count", THREE_IN_TEN, [
      5000,
      5000,
      5000,
      5000,
      5000,
    ], [0, 0, 0, 0, 0]],
    ["the first of them is a millisecond less ago", THREE_IN_TEN, [5000, 3333, 3333, 3333], [
      0,
      0,
      0,
      "max-restarts",
    ]],
    ["0: the first restart is too many", { maxRestarts: { count: 0, withinMs: 1000 } }, [5000], [
      "max-restarts",
    ]],
    [
      "the restart is counted at the moment when it would be: back-off keeps the service going",
      { delayMs: 4000, delayMaxMs: 4000, maxRestarts: { count: 2, withinMs: 8000 } },
      [0, 0, 0, 0],
      [4000, 4000, 4000, 4000],
    ],
    [
      "with a back-off that is too short",
      { delayMs: 100, maxRestarts: { count: 2, withinMs: 8000 } },
      [0, 0, 0],
      [100, 200, "max-restarts"],
    ],
  ] as const
) {
  Deno.test(`max-restarts, ${what}`, () => assertEquals(delays(rules, livesMs), [...expected]));
}

Deno.test("max-restarts: no more is remembered than counts, and nothing without the file", () => {
  let history: RestartHistory = NO_HISTORY;
  for (let i = 0; i < 100; i++) {
    const verdict = judge(THREE_IN_TEN, history, life({ startedMs: i * 5000, diedMs: i * 5000 }));
    assertEquals(verdict.kind, "restart");
    if (verdict.kind === "restart") history = verdict.history;
  }
  assertEquals(history.restartsMs.length, 2);
  const verdict = judge(USUAL_RULES, history, life());
  assertEquals(verdict.kind === "restart" ? verdict.history : undefined, NO_HISTORY);
});

Deno.test("restart-policy comes before max-restarts: an end that was wanted is no failure", () => {
  const rules: RestartRules = { policy: "on-failure", maxRestarts: { count: 0, withinMs: 1000 } };
  assertEquals(judge(rules, NO_HISTORY, life({ wstat: 0 })), { kind: "over", why: "policy" });
  assertEquals(judge(rules, NO_HISTORY, life()), { kind: "over", why: "max-restarts" });
});
