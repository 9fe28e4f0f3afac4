import { assertEquals, assertThrows } from "@std/assert";
import { withStableNames } from "../../../tools/build/chunk_names.ts";

/** What the bundler makes of the same sources, with other names. */
function chunks(main: string, a: string, b: string): Map<string, string> {
  return new Map([
    [`apply-${b}.js`, `import"./apply-${a}.js";"other-THINGSXX.js"`],
    [`apply-${a}.js`, `import"./chunk-${main}.js";`],
    [`chunk-${main}.js`, `import"./apply-${b}.js";`],
    ["main.js", `import("./apply-${a}.js");import("./apply-${b}.js");`],
  ]);
}

Deno.test("chunk names: they are counted from the entry on, whatever the bundler called them", () => {
  const one = withStableNames(chunks("AAAAAAAA", "BBBBBBBB", "CCCCCCCC"), "main.js");
  const other = withStableNames(chunks("ZZZZZZZZ", "YYYYYYYY", "XXXXXXXX"), "main.js");
  assertEquals([...one], [...other]);
  assertEquals(
    one,
    new Map([
      ["apply-00000002.js", 'import"./apply-00000001.js";"other-THINGSXX.js"'],
      ["apply-00000001.js", 'import"./chunk-00000003.js";'],
      ["chunk-00000003.js", 'import"./apply-00000002.js";'],
      ["main.js", 'import("./apply-00000001.js");import("./apply-00000002.js");'],
    ]),
  );
});

Deno.test("chunk names: a chunk that nothing mentions is an error", () => {
  const lost = new Map([["main.js", ""], ["a-AAAAAAAA.js", ""]]);
  assertThrows(
    () => withStableNames(lost, "main.js"),
    RangeError,
    "no chunk mentions a-AAAAAAAA.js",
  );
});
