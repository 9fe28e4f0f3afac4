/** Stamps before lines that come in pieces. */
import { assertEquals } from "@std/assert";
import { StampedLines } from "../../../lib/rc/core/stamped_lines.ts";

function stamped(pieces: readonly string[], limit = 1000): string[] {
  const lines = new StampedLines();
  return pieces.map((piece) =>
    new TextDecoder().decode(lines.add(new TextEncoder().encode(piece), "@1", limit))
  );
}

Deno.test("stamped lines: one stamp a line, wherever it is cut", () => {
  assertEquals(stamped(["a\nb", "c\n", "\n", "d"]), ["@1 a\n@1 b", "c\n", "@1 \n", "@1 d"]);
});

Deno.test("stamped lines: of what is too much, the last whole lines; of a line that is too long, its end", () => {
  assertEquals(stamped(["first\nsecond\nthird\n"], 14), ["@1 third\n"]);
  assertEquals(stamped(["0123456789"], 4), ["6789"]);
  assertEquals(
    stamped(["0123456789", "ab\ncd\n"], 4),
    ["6789", "d\n"].map((s, i) => i === 0 ? s : "cd\n"),
  );
});
