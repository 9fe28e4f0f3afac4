/**
 * Links with thousands of words: they look at each a few times, however many there are. What was
 * cut off and copied word for word would make it the square.
 */
import { assertEquals, assertLess } from "@std/assert";
import type { OptionSpec } from "../../../lib/core/cli/getopt.ts";
import { viewOf } from "../../../lib/core/cli/given.ts";
import { caseLink } from "../../../lib/execline/case.ts";
import { ChainEnvironment } from "../../../lib/execline/core/chain_environment.ts";
import { Words } from "../../../lib/execline/core/words.ts";
import type { Call, Link, LinkResult } from "../../../lib/execline/link.ts";
import { State } from "../../../lib/execline/state.ts";
import { multisubstitute } from "../../../lib/execline/substitution.ts";
import { checkCommandLine } from "../../../lib/check/core/script_check.ts";
import { looksOf } from "./looked_at.ts";

const MANY = 2000;
/** More than any of them needs for a word, and far from as many as there are words. */
const LOOKS_A_WORD = 12;

function fail(): never {
  throw new Error("not a link that starts something, or complains");
}

function call(words: Words): Call {
  return {
    program: "link",
    argv0: "link",
    place: undefined,
    state: new State(new ChainEnvironment([])),
    ...viewOf<OptionSpec>([], []),
    words,
    warn: fail,
    info: fail,
    say: fail,
    run: fail,
    start: fail,
    capture: fail,
    startOrphan: fail,
  };
}

/** Runs a link and says with which words the chain goes on. */
function after(link: Link, texts: readonly string[]): readonly string[] {
  const asked = call(new Words(texts));
  let outcome = 0 as LinkResult;
  const looks = looksOf(() => outcome = link.run(asked) as LinkResult);
  assertLess(looks, LOOKS_A_WORD * texts.length);
  assertLess(texts.length, looks, "it has looked at each");
  return typeof outcome === "number" ? [] : [...outcome.words.texts];
}

/** A block, one level deeper. */
function block(words: readonly string[]): string[] {
  return [...words.map((word) => ` ${word}`), ""];
}

function times(make: (i: number) => readonly string[]): string[] {
  return Array.from({ length: MANY }, (_, i) => make(i)).flat();
}

Deno.test("case: thousands of branches, and the last one is it: each word is looked at a few times", () => {
  const branches = times((i) => [`branch${i}`, ...block(["echo", String(i)])]);
  const words = [`branch${MANY - 1}`, ...block(branches), "echo", "default"];
  assertEquals(after(caseLink, words), ["echo", String(MANY - 1)]);
});

Deno.test("multisubstitute: thousands of directives: each word is looked at a few times", () => {
  const directives = times((i) => ["define", "-s", `v${i}`, `a${i} b`]);
  const words = [...block(directives), "echo", `$v${MANY - 1}`, "$v0"];
  assertEquals(after(multisubstitute, words), ["echo", `a${MANY - 1}`, "b", "a0", "b"]);
});

Deno.test("multisubstitute: blocks of multidefine among its directives, thousands of them", () => {
  const directives = times((i) => ["multidefine", "x y", ...block([`a${i}`, `b${i}`])]);
  const words = [...block(directives), "echo", `$a${MANY - 1}`, "$b7"];
  assertEquals(after(multisubstitute, words), ["echo", "x", "y"]);
});

Deno.test("checkCommandLine(): thousands of links and branches: each word is looked at a few times", () => {
  const links = times(() => ["foreground", ...block(["echo", "x"])]);
  const branches = times((i) => [`branch${i}`, ...block(["echo", String(i)])]);
  const texts = [...links, "case", "value", ...block(branches), "echo"];
  const places = texts.map((_, i) => ({ file: "run", line: 1, column: i }));
  const known = { names: [], options: () => [], isProgram: () => true };
  const words = new Words(texts, places);
  let findings: unknown;
  const looks = looksOf(() => findings = checkCommandLine(words, known));
  assertEquals(findings, []);
  assertLess(looks, LOOKS_A_WORD * texts.length);
  assertLess(texts.length, looks);
});
