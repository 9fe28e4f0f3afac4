import { assertEquals } from "@std/assert";
import { decodePath } from "../../../../lib/core/text/path_bytes.ts";
import { printable } from "../../../../lib/core/text/printable.ts";

const cases: readonly (readonly [what: string, text: string, shown: string])[] = [
  ["plain text", "GET /a?b=ü 天 🦕", "GET /a?b=ü 天 🦕"],
  ["an escape sequence", "\x1b[2Jx\x1b]0;t\x07", "\\x1b[2Jx\\x1b]0;t\\x07"],
  ["a newline and a tab", "a\nb\tc", "a\\x0ab c"],
  ["C1 controls, which some terminals obey", "\u009b2J", "\\x9b2J"],
  ["a change of the text's direction", "a\u202egnp.exe", "a\\u202egnp.exe"],
  ["bytes that are not UTF-8", decodePath(Uint8Array.of(0x61, 0xff, 0x80)), "a\\xff\\x80"],
];

for (const [what, text, shown] of cases) {
  Deno.test(`printable(): ${what}`, () => assertEquals(printable(text), shown));
}
