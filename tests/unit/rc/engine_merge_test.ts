/**
 * Changes are goals and not locks: several at a time, newer wishes, wishes of a running oneshot.
 */
import { assertEquals } from "@std/assert";
import { rcDatabase } from "../../fake/rc_database.ts";
import { RcWorld } from "../../fake/rc_world.ts";

Deno.test("two changes that want the same wait for one transition", () => {
  const w = new RcWorld(rcDatabase({ a: { oneshot: true }, b: { oneshot: true, needs: ["a"] } }));
  w.change("up", ["b"]);
  w.change("up", ["a"]);
  w.settle();
  assertEquals(w.done.filter((line) => line === "run up a").length, 1);
  assertEquals([w.ends.get(1), w.ends.get(2), w.up], [0, 0, ["a", "b"]]);
});

Deno.test("the newer wish wins: a longrun that is being started is stopped, what waited for it is not started", () => {
  const w = new RcWorld(
    rcDatabase({ never: { tellsReadiness: true }, then: { needs: ["never"] } }),
  );
  w.longruns.set("never", { up: "never ready" });
  w.change("up", ["then"]);
  w.change("down", ["never"]);
  w.settle();
  assertEquals([w.ends.get(1), w.ends.get(2), w.up], [1, 0, []]);
  assertEquals(w.said.filter((line) => line.includes("newer")), [
    "1 s6-rc: warning: not started because of a newer change: never, then",
  ]);
  assertEquals(
    w.done,
    ["order up never", "end 1 1", "order down never", "end 2 0"].toSorted((x, y) =>
      w.done.indexOf(x) - w.done.indexOf(y)
    ),
  );
});

Deno.test("the newer wish wins: a script that is under way gets SIGTERM, and the service is down", () => {
  const w = new RcWorld(rcDatabase({ slow: { oneshot: true } }));
  w.scripts.set("up slow", { code: 0, afterMs: 100_000 });
  w.change("up", ["slow"]);
  w.change("down", ["slow"]);
  w.settle();
  assertEquals([w.ends.get(1), w.ends.get(2), w.up, w.done.includes("terminate up slow")], [
    1,
    0,
    [],
    true,
  ]);
});

Deno.test("up while it is being stopped: it ends first, and then starts", () => {
  const w = new RcWorld(rcDatabase({ a: {} }));
  w.longruns.set("a", { downAfterMs: 50 });
  w.change("up", ["a"]);
  w.settle();
  w.change("down", ["a"]);
  w.change("up", ["a"]);
  w.settle();
  assertEquals([w.ends.get(2), w.ends.get(3), w.up], [1, 0, ["a"]]);
  assertEquals(w.done.filter((line) => line.startsWith("order")), [
    "order up a",
    "order down a",
    "order up a",
  ]);
});

Deno.test("a boot is called off by -da: nothing new starts, and all that was up or on its way is down", () => {
  const w = new RcWorld(rcDatabase({
    first: { oneshot: true },
    hang: { oneshot: true, needs: ["first"] },
    never: { tellsReadiness: true, needs: ["first"] },
    last: { needs: ["hang", "never"] },
  }));
  w.scripts.set("up hang", "hangs");
  w.longruns.set("never", { up: "never ready" });
  w.change("up", ["last"]);
  w.pass(100);
  w.feed({ kind: "close" });
  w.change("down", [], { live: true });
  w.settle();
  assertEquals([w.ends.get(1), w.ends.get(2), w.up, w.living.size, w.running.size], [
    1,
    0,
    [],
    0,
    0,
  ]);
  assertEquals(w.done.includes("order up last"), false);
});

Deno.test("after the end has begun nothing is started", () => {
  const w = new RcWorld(rcDatabase({ a: {} }));
  w.feed({ kind: "close" });
  w.change("up", ["a"]);
  assertEquals([w.ends.get(1), w.said], [111, [
    "1 s6-rc: fatal: the end has begun: no service is started any more",
  ]]);
});

Deno.test("a oneshot of the running change may start what does not wait for it", () => {
  const w = new RcWorld(
    rcDatabase({
      one: { oneshot: true },
      other: { oneshot: true },
      then: { oneshot: true, needs: ["one"] },
    }),
  );
  w.scripts.set("up one", { code: 0, afterMs: 100 });
  w.change("up", ["then"]);
  w.change("up", ["other"], { requester: w.number("one") });
  w.settle();
  assertEquals([w.ends.get(1), w.ends.get(2), w.up], [0, 0, ["one", "other", "then"]]);
});

for (
  const [title, direction, names] of [
    ["itself", "up", ["one"]],
    ["what waits for it", "up", ["then"]],
    ["the stop of itself", "down", ["one"]],
    ["the stop of what it needs", "down", ["base"]],
  ] as const
) {
  Deno.test(`a oneshot that wishes for ${title} is refused at once`, () => {
    const w = new RcWorld(
      rcDatabase({
        base: {},
        one: { oneshot: true, needs: ["base"] },
        then: { oneshot: true, needs: ["one"] },
      }),
    );
    w.scripts.set("up one", { code: 0, afterMs: 100 });
    w.change("up", ["then"]);
    w.pass(10);
    w.change(direction, names, { requester: w.number("one") });
    assertEquals(w.ends.get(2), 111);
    assertEquals(w.said.at(-1)?.includes("it would wait for itself"), true, w.said.at(-1));
    w.settle();
    assertEquals([w.ends.get(1), w.up], [0, ["base", "one", "then"]]);
  });
}

Deno.test("two oneshots that wish for each other: the second wish is refused", () => {
  const w = new RcWorld(rcDatabase({ a: { oneshot: true }, b: { oneshot: true } }));
  w.scripts.set("up a", { code: 0, afterMs: 100 }).set("up b", { code: 0, afterMs: 100 });
  w.change("up", ["a", "b"]);
  w.change("up", ["b"], { requester: w.number("a") });
  w.change("up", ["a"], { requester: w.number("b") });
  assertEquals([w.ends.get(2), w.ends.get(3)], [undefined, 111]);
  w.settle();
  assertEquals(w.up, ["a", "b"]);
});

Deno.test("a wish for what a oneshot started through another one is refused as well", () => {
  const w = new RcWorld(rcDatabase({ a: { oneshot: true }, b: { oneshot: true } }));
  w.scripts.set("up a", { code: 0, afterMs: 100 }).set("up b", { code: 0, afterMs: 100 });
  w.change("up", ["a"]);
  w.change("up", ["b"], { requester: w.number("a") });
  w.change("up", ["a"], { requester: w.number("b") });
  assertEquals(w.ends.get(3), 111);
});
