import { assertEquals } from "@std/assert";
import type { LimitKinds, Limits } from "../../../../lib/core/linux/resource_limits.ts";
import {
  changedLimits,
  RESOURCES,
  RLIM_INFINITY,
} from "../../../../lib/core/linux/resource_limits.ts";

const SOFT: LimitKinds = { soft: true, hard: false };
const HARD: LimitKinds = { soft: false, hard: true };
const BOTH: LimitKinds = { soft: true, hard: true };
const NOW: Limits = { soft: 100n, hard: 1000n };

const CASES:
  readonly (readonly [argument: string, kinds: LimitKinds, expected: Limits | undefined])[] = [
    ["50", SOFT, { soft: 50n, hard: 1000n }],
    ["500", SOFT, { soft: 500n, hard: 1000n }],
    ["5000", SOFT, { soft: 1000n, hard: 1000n }],
    ["=", SOFT, { soft: 1000n, hard: 1000n }],
    ["0", SOFT, { soft: 0n, hard: 1000n }],
    ["500", HARD, { soft: 100n, hard: 500n }],
    ["50", HARD, { soft: 50n, hard: 50n }],
    ["=", HARD, { soft: 100n, hard: RLIM_INFINITY }],
    ["500", BOTH, { soft: 500n, hard: 500n }],
    ["=", BOTH, { soft: RLIM_INFINITY, hard: RLIM_INFINITY }],
    ["18446744073709551615", BOTH, { soft: RLIM_INFINITY, hard: RLIM_INFINITY }],
    ["18446744073709551616", SOFT, undefined],
    ["", SOFT, undefined],
    ["-1", SOFT, undefined],
    ["1k", SOFT, undefined],
    ["==", SOFT, undefined],
  ];

for (const [argument, kinds, expected] of CASES) {
  const which = kinds.soft && kinds.hard ? "both" : kinds.soft ? "soft" : "hard";
  Deno.test(`changedLimits(): ${JSON.stringify(argument)} for the ${which}`, () =>
    assertEquals(changedLimits(NOW, argument, kinds), expected));
}

Deno.test("RESOURCES: each letter stands for the kernel's numbers", () => {
  const numbers = Object.entries(RESOURCES).map(([letter, list]) =>
    `${letter}:${list.map(({ number }) => number).join("+")}`
  );
  assertEquals(numbers.join(" "), "a:9 c:4 d:2 f:1 l:8 m:2+3+8+9 o:7 p:6 P:14 r:5 s:3 t:0");
});
