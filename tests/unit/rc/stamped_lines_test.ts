/** Stamps before lines that come in pieces. */
import { assertEquals } from "@std/assert";
import { StampedLines } from "../../../lib/rc/core/stamped_lines.ts";

function stamped(pieces: readonly string[], limit = 1000): string[] {
  const lines = new StampedLines();
  const into = new Uint8Array(limit);
  return pieces.map((piece) =>
    new TextDecoder().decode(
      into.subarray(0, lines.add(new TextEncoder().encode(piece), "@1", into)),
    )
  );
}

Deno.test("stamped lines: one stamp a line, wherever it is cut", () => {
  assertEquals(stamped(["a\nb", "c\n", "\n", "d"]), ["@1 a\n@1 b", "c\n", "@1 \n", "@1 d"]);
});

Deno.test("stamped lines: of what is too much, the last whole lines; of a line that is too long, its end", () => {
  assertEquals(stamped(["first\nsecond\nthird\n"], 14), ["@1 third\n"]);
  assertEquals(stamped(["0123456789"], 4), ["6789"]);
  assertEquals(stamped(["0123456789\n", "ab\n"], 8), ["3456789\n", "@1 ab\n"]);
  assertEquals(stamped(["\n\n\n", "\n"], 8), ["@1 \n@1 \n", "@1 \n"]);
});
