import { assertEquals, assertThrows } from "@std/assert";
import { ChainEnvironment } from "../../../../lib/execline/core/chain_environment.ts";

function after(
  strings: readonly string[],
  act: (env: ChainEnvironment) => void,
): readonly string[] {
  const env = new ChainEnvironment(strings);
  act(env);
  return env.strings;
}

Deno.test("set(): appended; the last one takes the place of one that is replaced", () => {
  assertEquals(after(["A=1", "B=2", "C=3"], (env) => env.set("D", "4")), [
    "A=1",
    "B=2",
    "C=3",
    "D=4",
  ]);
  assertEquals(after(["A=1", "B=2", "C=3"], (env) => env.set("A", "4")), ["C=3", "B=2", "A=4"]);
  assertEquals(after(["A=1", "B=2", "C=3"], (env) => env.set("C", "4")), ["A=1", "B=2", "C=4"]);
});

Deno.test("unset(): the last one takes the place; the first of two goes", () => {
  assertEquals(after(["A=1", "B=2", "C=3"], (env) => env.unset("A")), ["C=3", "B=2"]);
  assertEquals(after(["A=1", "B=2"], (env) => env.unset("X")), ["A=1", "B=2"]);
  assertEquals(after(["A=1", "A=2"], (env) => env.unset("A")), ["A=2"]);
});

Deno.test("strings without = and names that begin alike are left alone", () => {
  assertEquals(after(["A", "AB=1", "=x"], (env) => env.unset("A")), ["A", "AB=1", "=x"]);
});

Deno.test("get(), toMap(): the first of a name that stands twice; values may be empty or hold =", () => {
  const env = new ChainEnvironment(["A=1", "A=2", "B=", "C=x=y", "D", "=z"]);
  assertEquals([env.get("A"), env.get("B"), env.get("C"), env.get("D"), env.get("E")], [
    "1",
    "",
    "x=y",
    undefined,
    undefined,
  ]);
  assertEquals([...env.toMap()], [["A", "1"], ["B", ""], ["C", "x=y"]]);
});

Deno.test("copy(): independent", () => {
  const env = new ChainEnvironment(["A=1"]);
  const copy = env.copy();
  copy.set("A", "2");
  assertEquals([env.get("A"), copy.get("A")], ["1", "2"]);
});

Deno.test("push(): one level down", () => {
  const env = new ChainEnvironment(["1=a", "1:1=b", "12=c", "#=2", "X=1", "1:x=d", "1:0=e"]);
  assertEquals(env.push(["1", "#"]).strings, [
    "1:1=a",
    "1:2=b",
    "12:1=c",
    "#:1=2",
    "X=1",
    "1:x=d",
    "1:1=e",
  ]);
});

Deno.test("pop(): one level up", () => {
  const env = new ChainEnvironment(["1=a", "1:1=b", "1:2=c", "#=2", "X=1", "1:x=d", "1:0=e"]);
  assertEquals(env.pop(["1", "#"]).strings, ["1=b", "1:1=c", "X=1", "1:x=d", "1:0=e"]);
});

Deno.test("push(), pop(): a colon in a value is none in the name", () => {
  const env = new ChainEnvironment(["1=a:1"]);
  assertEquals([env.push(["1"]).strings, env.pop(["1"]).strings], [["1:1=a:1"], []]);
});

Deno.test("push(), pop(): a string without =", () => {
  assertThrows(() => new ChainEnvironment(["1x"]).push(["1"]), SyntaxError);
});
