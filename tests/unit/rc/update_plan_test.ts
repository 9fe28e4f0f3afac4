/** What s6-rc-update stops, keeps and starts. */
import { assertEquals } from "@std/assert";
import type { Conversion, UpdatePlan } from "../../../lib/rc/core/update_plan.ts";
import { planUpdate } from "../../../lib/rc/core/update_plan.ts";
import type { RcDatabase } from "../../../lib/rc/core/database.ts";
import type { Sketch } from "../../fake/rc_database.ts";
import { rcDatabase } from "../../fake/rc_database.ts";

function plan(
  old: RcDatabase,
  up: readonly string[],
  next: RcDatabase,
  conversions: readonly Conversion[] = [],
): unknown {
  const result = planUpdate({
    old,
    up: old.services.map(({ name }) => up.includes(name)),
    new: next,
    conversions,
    live: "/live",
    newPath: "/new",
  });
  if ("problem" in result) return [result.exitCode, result.problem];
  const { stop, kept, wanted }: UpdatePlan = result;
  return {
    stop: stop.map((number) => old.services[number]!.name),
    kept: [...kept].map(([now, before]) =>
      `${old.services[before]!.name}>${next.services[now]!.name}`
    ).sort(),
    wanted: wanted.map((number) => next.services[number]!.name),
  };
}

const CHAIN: Sketch = { a: {}, b: { needs: ["a"] }, c: { needs: ["b"] }, apart: {} };

Deno.test("update: the same services go on, whatever is in them, and those that were down stay down", () => {
  assertEquals(plan(rcDatabase(CHAIN), ["a", "b"], rcDatabase({ ...CHAIN, more: {} })), {
    stop: [],
    kept: ["a>a", "b>b"],
    wanted: [],
  });
});

Deno.test("update: what is gone is stopped, and with it what needed it; that is started again if it is still there", () => {
  const next = rcDatabase({ b: {}, c: { needs: ["b"] } });
  assertEquals(plan(rcDatabase(CHAIN), ["a", "b", "c"], next), {
    stop: ["a"],
    kept: [],
    wanted: ["b", "c"],
  });
});

Deno.test("update: another kind, or a bundle in its place, is stopped and started", () => {
  assertEquals(
    plan(rcDatabase(CHAIN), ["apart"], rcDatabase({ ...CHAIN, apart: { oneshot: true } })),
    {
      stop: ["apart"],
      kept: [],
      wanted: ["apart"],
    },
  );
  const bundled = rcDatabase({ a: {}, b: {}, c: {} }, { apart: ["b", "c"] });
  assertEquals(plan(rcDatabase({ a: {}, apart: {} }), ["a", "apart"], bundled), {
    stop: ["apart"],
    kept: ["a>a"],
    wanted: ["b", "c"],
  });
});

Deno.test("update: who needs something new that is not up is restarted, and what needs that too", () => {
  const next = rcDatabase({ ...CHAIN, a: { needs: ["fresh"] }, fresh: {} });
  assertEquals(plan(rcDatabase(CHAIN), ["a", "b", "apart"], next), {
    stop: ["a", "b"],
    kept: ["apart>apart"],
    wanted: ["a", "b"],
  });
});

Deno.test("update: restart and another name in the conversion file", () => {
  const next = rcDatabase({ a: {}, z: { needs: ["a"] }, c: { needs: ["z"] }, apart: {} });
  assertEquals(
    plan(rcDatabase(CHAIN), ["a", "b", "c", "apart"], next, [
      { old: "b", new: "z", restart: false },
      { old: "apart", restart: true },
    ]),
    { stop: ["apart"], kept: ["a>a", "b>z", "c>c"], wanted: ["apart"] },
  );
});

for (
  const [title, conversions, expected] of [
    ["unknown", [{ old: "x", restart: false }], [
      3,
      "unknown identifier in /live/compiled/resolve.cdb: x",
    ]],
    ["a bundle", [{ old: "both", restart: false }], [
      5,
      "identifier both does not represent an atomic service in /live/compiled",
    ]],
    ["named twice", [{ old: "a", restart: true }, { old: "a", restart: false }], [
      6,
      "service a appears more than once in conversion file",
    ]],
    ["of no new name", [{ old: "a", new: "q", restart: false }], [
      4,
      "bad conversion file: new service q is undefined in database /new",
    ]],
    ["of a name that is taken", [{ old: "a", new: "b", restart: false }], [
      6,
      "unable to convert database: new service b is a target for more than one conversion, including old service a",
    ]],
  ] as const
) {
  Deno.test(`update: a conversion of a service that is ${title} is refused`, () => {
    const database = rcDatabase(CHAIN, { both: ["a", "b"] });
    assertEquals(plan(database, ["a"], database, conversions), expected);
  });
}
