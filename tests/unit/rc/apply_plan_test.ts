/** What hexad apply stops, keeps and starts, and how it tells that. */
import { assertEquals } from "@std/assert";
import type { ApplyInput } from "../../../lib/rc/core/apply_plan.ts";
import { planApply } from "../../../lib/rc/core/apply_plan.ts";
import { appliedBundles, appliedServices, applyLines } from "../../../lib/rc/core/apply_report.ts";
import type { RcDatabase } from "../../../lib/rc/core/database.ts";
import { newEngine } from "../../../lib/rc/core/engine.ts";
import type { ServiceState } from "../../../lib/rc/core/engine_state.ts";
import { rcDatabase, type Sketch } from "../../fake/rc_database.ts";

interface Plan {
  readonly stop: readonly string[];
  readonly start: readonly string[];
  /** Those that go on. */
  readonly kept: readonly string[];
}

interface World {
  readonly old: RcDatabase;
  readonly next: RcDatabase;
  readonly up: readonly string[];
  readonly failed?: readonly string[];
  /** Not explicitly wanted, as after `s6-rc -d change`. */
  readonly unwanted?: readonly string[];
  readonly top?: string;
}

function inputOf({ old, next, up, failed = [], unwanted = [], top }: World): ApplyInput {
  const states = newEngine(old).services.map((state, number): ServiceState => {
    const { name } = old.services[number]!;
    const failure = failed.includes(name)
      ? { direction: "up" as const, code: 1, why: "", atMs: 0 }
      : undefined;
    return { ...state, up: up.includes(name), wanted: !unwanted.includes(name), failure };
  });
  return { old, states, new: next, top, isSpared: ({ name }) => name === "spared" };
}

function plan(world: World): Plan {
  const { old, next } = world;
  const { stop, start, kept } = planApply(inputOf(world));
  return {
    stop: stop.map((number) => old.services[number]!.name),
    start: start.map((number) => next.services[number]!.name),
    kept: [...kept.keys()].filter((number) => number > 1).map((number) =>
      next.services[number]!.name
    ),
  };
}

function report(world: World): string[] {
  const input = inputOf(world);
  return applyLines(
    appliedServices(input, planApply(input), () => ["run", "env"]),
    appliedBundles(world.old, world.next),
  );
}

const CHAIN: Sketch = { a: {}, b: { needs: ["a"] }, c: { needs: ["b"] }, apart: {} };
const ALL = Object.keys(CHAIN);

Deno.test("apply: nothing has changed: everything goes on", () => {
  const world: World = { old: rcDatabase(CHAIN), next: rcDatabase(CHAIN), up: ALL };
  assertEquals(plan(world), { stop: [], start: [], kept: ["a", "apart", "b", "c"] });
  assertEquals(report(world), []);
});

Deno.test("apply: what has changed is restarted with what needs it, and nothing else", () => {
  const next = rcDatabase({ ...CHAIN, b: { needs: ["a"], digest: "other" } });
  const world: World = { old: rcDatabase(CHAIN), next, up: ALL };
  assertEquals(plan(world), { stop: ["b", "c"], start: ["b", "c"], kept: ["a", "apart"] });
  assertEquals(report(world), ["b: restart (changed: run, env)", "c: restart (it needs b)"]);
});

Deno.test("apply: another kind, another place: changed", () => {
  for (const other of [{ oneshot: true }, { path: "elsewhere/apart" }]) {
    const next = rcDatabase({ ...CHAIN, apart: other });
    const { stop, start } = plan({ old: rcDatabase(CHAIN), next, up: ALL });
    assertEquals([stop, start], [["apart"], ["apart"]]);
  }
});

Deno.test("apply: what is down stays down, changed or not", () => {
  const next = rcDatabase({ ...CHAIN, apart: { digest: "other" } });
  const world: World = { old: rcDatabase(CHAIN), next, up: ["a", "b", "c"] };
  assertEquals(plan(world), { stop: [], start: [], kept: ["a", "b", "c"] });
  assertEquals(report(world), ["apart: changed: run, env (it is down, and stays so)"]);
});

Deno.test("apply: what is gone is stopped; what is new in the bundle that is booted is started, in no other", () => {
  const bundles = { top: ["a", "b", "c", "apart"] };
  const next = rcDatabase(
    { a: {}, b: { needs: ["a"] }, c: { needs: ["b"] }, more: { needs: ["c"] }, beside: {} },
    { top: ["a", "b", "c", "more"], side: ["beside"] },
  );
  const world: World = { old: rcDatabase(CHAIN, bundles), next, up: ALL, top: "top" };
  assertEquals(plan(world), { stop: ["apart"], start: ["more"], kept: ["a", "b", "c"] });
  assertEquals(report(world), [
    "apart: stop (removed)",
    "beside: added (it is down, and stays so)",
    "more: start (added)",
    "bundle side: added",
    "bundle top: changed",
  ]);
});

Deno.test("apply: what needs something new that is not up yet is restarted after it", () => {
  const next = rcDatabase({ ...CHAIN, a: { needs: ["first"] }, first: {} });
  const { stop, start } = plan({ old: rcDatabase(CHAIN), next, up: ALL });
  assertEquals([stop, start], [["a", "b", "c"], ["a", "b", "c", "first"]]);
});

Deno.test("apply: what had failed, and what waits for it, is tried again; what somebody stopped is not", () => {
  const world: World = {
    old: rcDatabase(CHAIN),
    next: rcDatabase({ ...CHAIN, a: { digest: "mended" } }),
    up: [],
    failed: ["a"],
    unwanted: ["apart", "b"],
  };
  assertEquals(plan(world), { stop: [], start: ["a", "c"], kept: ["apart", "b", "c"] });
});

Deno.test("apply: a step of the container stays up although what it needs is restarted, gone, or new", () => {
  const old = rcDatabase({ ...CHAIN, spared: { oneshot: true, needs: ["b", "apart"] } });
  const next = rcDatabase({
    a: { digest: "other" },
    b: { needs: ["a"] },
    c: { needs: ["b"] },
    first: {},
    spared: { oneshot: true, needs: ["b", "first"] },
  });
  assertEquals(plan({ old, next, up: [...ALL, "spared"] }), {
    stop: ["a", "apart", "b", "c"],
    start: ["a", "b", "c", "first"],
    kept: ["spared"],
  });
});
