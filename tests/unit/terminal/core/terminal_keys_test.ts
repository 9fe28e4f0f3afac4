import { assertEquals } from "@std/assert";
import { decodeKeys, decodeRest } from "../../../../lib/terminal/core/terminal_keys.ts";

const CASES:
  readonly (readonly [what: string, input: string, keys: readonly string[], rest?: string])[] = [
    ["characters", "aZ/?é漢", ["a", "Z", "/", "?", "é", "漢"]],
    ["controls", "\r\n\t\b\x7f\x03\x1a\x0c", [
      "enter",
      "enter",
      "tab",
      "backspace",
      "backspace",
      "ctrl-c",
      "ctrl-z",
      "ctrl-l",
    ]],
    ["arrows in both modes", "\x1b[A\x1b[B\x1bOA\x1bOD", ["up", "down", "up", "left"]],
    ["pages and ends", "\x1b[5~\x1b[6~\x1b[H\x1b[F\x1b[1~\x1b[4~\x1bOF", [
      "pageup",
      "pagedown",
      "home",
      "end",
      "home",
      "end",
      "end",
    ]],
    ["keys with modifiers", "\x1b[1;5A\x1b[6;2~", ["up", "pagedown"]],
    ["unknown sequences are swallowed whole", "\x1b[200~x\x1b[?62;4cy\x1b[38;5!pz", [
      "x",
      "y",
      "z",
    ]],
    ["escape, and then something else", "\x1bq", ["escape", "q"]],
    ["two escapes", "\x1b\x1b[A", ["escape", "up"]],
    ["a lone escape may be a beginning", "a\x1b", ["a"], "\x1b"],
    ["half a sequence", "a\x1b[1;", ["a"], "\x1b[1;"],
    ["half of the other kind", "\x1bO", [], "\x1bO"],
    ["nothing", "", []],
  ];

for (const [what, input, keys, rest = ""] of CASES) {
  Deno.test(`decodeKeys(): ${what}`, () => {
    assertEquals(decodeKeys(input), { keys, rest });
  });
}

Deno.test("decodeKeys(): cut anywhere, the keys are the same", () => {
  const input = "a\x1b[A\x1bOB\x1b[6~é\x1b[1;5Cq";
  const whole = decodeKeys(input).keys;
  for (let at = 0; at <= input.length; at++) {
    const first = decodeKeys(input.slice(0, at));
    const second = decodeKeys(first.rest + input.slice(at));
    assertEquals(
      [...first.keys, ...second.keys, ...decodeRest(second.rest)],
      whole,
      `cut at ${at}`,
    );
  }
});

Deno.test("decodeRest(): an escape that nothing has followed is the key", () => {
  assertEquals(decodeRest("\x1b"), ["escape"]);
  assertEquals(decodeRest("\x1b["), ["escape", "["]);
});
