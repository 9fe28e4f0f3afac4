/** What multilog's actions and svlogd's config mean to a logger. */
import { assertEquals } from "@std/assert";
import { multilogScript } from "../../../lib/compat/core/multilog_script.ts";
import { oldPattern, patternBehindStamp } from "../../../lib/compat/core/old_pattern.ts";
import { svlogdScript } from "../../../lib/compat/core/svlogd_script.ts";

Deno.test("oldPattern(): a star runs up to the next character, a plus repeats it", () => {
  for (
    const [pattern, line, plain, plus] of [
      ["*", "anything", true, true],
      ["", "", true, true],
      ["", "x", false, false],
      ["a*", "abc", true, true],
      ["*: fail", "web: fail", true, true],
      ["*: fail", "a: b: fail", false, false],
      ["a+b", "abbb", false, true],
      ["a+b", "a+b", true, false],
      ["[x.$", "[x.$", true, true],
      ["*^x", "ab^x", true, true],
      ["a\\", "a\\", true, true],
    ] as const
  ) {
    const matches = [false, true].map((has) =>
      new RegExp(oldPattern(pattern, { plus: has })).test(line)
    );
    assertEquals(matches, [plain, plus], `${pattern} on ${line}`);
  }
});

Deno.test("patternBehindStamp(): what stands behind a stamp, or depends on none of its digits", () => {
  for (
    const [pattern, line, matches] of [
      ["*", "x", true],
      ["* fail", "fail", true],
      ["@* fail*", "failed", true],
      ["*Fail", "a Fail", true],
      ["*fail", "fail", false],
      ["x*", "x", false],
    ] as const
  ) assertEquals(new RegExp(patternBehindStamp(pattern)).test(line), matches, pattern);
});

Deno.test("multilogScript(): numbers are kept within limits, what is no action is told", () => {
  const { logdirs, warnings, stanzas } = multilogScript([
    "s1",
    "n1",
    "./a",
    "s99999999",
    "x",
    "./b",
    "t",
  ]);
  assertEquals(logdirs.map(({ sizeBytes, archivesMax }) => [sizeBytes, archivesMax]), [
    [4096, 1],
    [16_777_215, 1],
  ]);
  assertEquals(warnings, [
    "no action: x (going on without it)",
    "t must come first: t has no effect",
  ]);
  assertEquals(stanzas.length, 2);
});

Deno.test("svlogdScript(): a config's lines, and those that have no meaning here", () => {
  const config = "s0\nn0\nt60\n!gzip\n!\nu1.2.3.4\nN5\nsx\n?\n";
  const { logdirs, warnings } = svlogdScript([{ path: "./a", config }], {
    stamps: false,
    lineBytes: 1000,
  });
  const [{ sizeBytes, rotateSeconds, processor, toleranceBytes }] = logdirs as [typeof logdirs[0]];
  assertEquals([rotateSeconds, processor, toleranceBytes], [60, undefined, 1000]);
  assertEquals(sizeBytes > 1e15, true);
  assertEquals(warnings.map((text) => text.replace(/ \(.*/, "")), [
    "./a/config:6: u1.2.3.4: lines are not sent by UDP here",
    "./a/config:7: N5: files are not removed for lack of room here",
    "./a/config:8: sx: a number must follow the letter",
    "./a/config:9: ?: it is no line of such a file",
  ]);
});
