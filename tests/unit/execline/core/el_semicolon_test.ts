import { assertEquals } from "@std/assert";
import { splitBlock } from "../../../../lib/execline/core/el_semicolon.ts";

Deno.test("splitBlock() takes the leading space off each argument, once", () => {
  assertEquals(splitBlock([" a", "  b", "", "prog", " x"]), {
    block: ["a", " b"],
    rest: ["prog", " x"],
    unquoted: [],
  });
});

Deno.test("splitBlock() accepts arguments without a space and tells where they are", () => {
  assertEquals(splitBlock(["a", " b", "c", "", "prog"]), {
    block: ["a", "b", "c"],
    rest: ["prog"],
    unquoted: [0, 2],
  });
});

Deno.test("splitBlock() knows empty blocks and blocks with nothing behind them", () => {
  assertEquals(splitBlock(["", "prog"]), { block: [], rest: ["prog"], unquoted: [] });
  assertEquals(splitBlock(["a", ""]), { block: ["a"], rest: [], unquoted: [0] });
});

Deno.test("splitBlock() of a block that nothing ends is undefined", () => {
  assertEquals(splitBlock(["a", "b"]), undefined);
  assertEquals(splitBlock([]), undefined);
});
