import { assertEquals } from "@std/assert";
import type { OptionSpec } from "../../../../lib/core/cli/getopt.ts";
import { readCommandLine } from "../../../../lib/core/cli/given.ts";

const TABLE = {
  options: [
    { short: "a", text: "" },
    { short: "A", text: "" },
    { short: "t", long: "timeout", arg: "MS", text: "" },
    { long: "quick", text: "" },
  ],
} as const satisfies { readonly options: readonly OptionSpec[] };

Deno.test("readCommandLine(): an option answers to its letter and to its long name", () => {
  const { flag, value, values, last, operands } = readCommandLine(
    ["-aA", "-t1", "--timeout=2", "--quick", "x", "-a"],
    TABLE,
  );
  assertEquals([flag("a"), flag("quick")], [true, true]);
  assertEquals([value("t"), value("timeout"), values("t")], ["2", "2", ["1", "2"]]);
  assertEquals(last("A", "a"), "A");
  assertEquals(operands, ["x", "-a"]);
});

Deno.test("readCommandLine(): what was not given", () => {
  const { flag, value, values, last } = readCommandLine([], TABLE);
  assertEquals(
    [flag("a"), value("t"), values("t"), last("a", "A")],
    [false, undefined, [], undefined],
  );
});

Deno.test("readCommandLine(): a name that the table lacks does not compile", () => {
  const { flag, value } = readCommandLine(["-a"], TABLE);
  // @ts-expect-error: there is no such option
  assertEquals(flag("z"), false);
  // @ts-expect-error: a flag has no value
  assertEquals(value("A"), undefined);
});
