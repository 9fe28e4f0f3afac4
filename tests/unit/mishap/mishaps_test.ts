import { assertEquals, assertMatch } from "@std/assert";
import { mishapText } from "../../../lib/mishap/core/mishap_text.ts";
import { Mishaps } from "../../../lib/mishap/mishaps.ts";

Deno.test("mishapText(): what it was, and where in our code: one line, no stack", () => {
  const error = new TypeError("x is\nnot a function");
  error.stack = "TypeError: x is\nnot a function\n    at ext:core/01_core.js:1:2\n" +
    "    at Supervisor.#start (file:///tmp/hexad/chunk-AB.js:10:20)\n    at file:///tmp/hexad/main.js:1:1";
  assertEquals(
    mishapText(error),
    "internal error: TypeError: x is not a function (in Supervisor.#start, chunk-AB.js:10:20)",
  );
  error.stack = "    at file:///tmp/hexad/main.js:1:1";
  assertEquals(
    mishapText(error),
    "internal error: TypeError: x is not a function (in main.js:1:1)",
  );
  assertMatch(
    mishapText(new Error("here")),
    /^internal error: Error: here \(in .*mishaps_test\.ts:\d+:\d+\)$/,
  );
});

Deno.test("mishapText(): anything can be thrown", () => {
  const bare = new Error("no stack");
  delete bare.stack;
  assertEquals(mishapText(bare), "internal error: Error: no stack");
  assertEquals(
    ["text", 7, null, undefined, Symbol("s"), 1n].map(mishapText).map((text) => text.slice(16)),
    [
      "text",
      "7",
      "null",
      "undefined",
      "Symbol(s)",
      "1",
    ],
  );
  const nasty = { toString: () => ({}) };
  assertEquals([mishapText(nasty), mishapText(() => 1)].map((text) => text.slice(16)), [
    "an object was thrown",
    "an object was thrown",
  ]);
  assertEquals(mishapText("x".repeat(10_000)).length, 316);
});

Deno.test("Mishaps: the same is told once, and what differs each time 16 times", () => {
  const told: string[] = [];
  const mishaps = new Mishaps((text) => told.push(text));
  for (let i = 0; i < 5; i++) mishaps.tell("the same");
  assertEquals(told, ["internal error: the same (going on; please report it)"]);
  for (let i = 0; i < 1000; i++) mishaps.tell(`number ${i}`);
  assertEquals([told.length, told.at(-1)], [17, "more internal errors (not told one by one)"]);
});

Deno.test("Mishaps: where saying it throws as well, one goes on", () => {
  const mishaps = new Mishaps(() => {
    throw new Error("nobody hears");
  });
  const broken = (): never => {
    throw new Error("broken");
  };
  mishaps.tell("x");
  assertEquals([
    mishaps.guard(broken, 5),
    mishaps.guard<number>(() => 4, 5),
    mishaps.survives(broken),
    mishaps.survives(() => {}),
  ], [
    5,
    4,
    false,
    true,
  ]);
});
