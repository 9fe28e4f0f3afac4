/**
 * The lines of supervise/reason: written, read, joined by their stamps; and what of a file is none
 * of ours.
 */
import { assertEquals } from "@std/assert";
import type { DeathReason } from "../../../../lib/servicedir/core/death_reasons.ts";
import {
  appendReason,
  MAX_REASON_BYTES,
  MAX_REASONS,
  parseReasons,
  reasonOf,
} from "../../../../lib/servicedir/core/death_reasons.ts";
import { decodePath, encodePath } from "../../../../lib/core/text/path_bytes.ts";
import type { Tain } from "../../../../lib/core/time/tain.ts";

const STAMP: Tain = { sec: 0x400000006b023170n, nano: 7 };
const LATER: Tain = { sec: 0x400000006b023172n, nano: 0 };
const TEXT = "@400000006b02317000000007";
const LATER_TEXT = "@400000006b02317200000000";

for (
  const [reason, line] of [
    [{ stamp: STAMP, oom: true }, `${TEXT} oom`],
    [{ stamp: STAMP, oom: false, next: LATER }, `${TEXT} next=${LATER_TEXT}`],
    [{ stamp: STAMP, oom: true, next: LATER }, `${TEXT} oom next=${LATER_TEXT}`],
    [{ stamp: STAMP, oom: false, over: "policy" }, `${TEXT} over=policy`],
    [{ stamp: STAMP, oom: true, over: "max-restarts" }, `${TEXT} oom over=max-restarts`],
    [{ stamp: STAMP, oom: false, over: "finish" }, `${TEXT} over=finish`],
    [{ stamp: STAMP, oom: false, over: "policy", done: true }, `${TEXT} over=policy done`],
    [{ stamp: STAMP, oom: false, deaths: 4096 }, `${TEXT} deaths=4096`],
    [{ stamp: STAMP, oom: false, fault: "no oom fault=x; #!" }, `${TEXT} fault=no oom fault=x; #!`],
  ] as const satisfies readonly (readonly [DeathReason, string])[]
) {
  Deno.test(`"${line}" is written and read`, () => {
    const bytes = appendReason(new Uint8Array(), reason);
    assertEquals(decodePath(bytes), `${line}\n`);
    assertEquals(parseReasons(bytes), [reason]);
  });
}

Deno.test("appendReason(): the newest are kept, what was no line of ours is dropped", () => {
  let bytes: Uint8Array = encodePath(`garbage\n${TEXT} oom\n\n@40 oom\n`);
  for (let i = 0; i < MAX_REASONS; i++) {
    bytes = appendReason(bytes, { stamp: { sec: LATER.sec, nano: i }, oom: false, over: "policy" });
  }
  const reasons = parseReasons(bytes);
  assertEquals([reasons.length, reasons[0]?.stamp.nano, reasons.at(-1)?.stamp.nano], [
    MAX_REASONS,
    0,
    MAX_REASONS - 1,
  ]);
});

Deno.test("a full file of the longest lines is less than what is read of one", () => {
  let bytes: Uint8Array = new Uint8Array();
  const longest: DeathReason = {
    stamp: STAMP,
    oom: true,
    next: LATER,
    over: "max-restarts",
    fault: "天".repeat(1000),
  };
  for (let i = 0; i < MAX_REASONS; i++) {
    bytes = appendReason(bytes, { ...longest, stamp: { ...STAMP, nano: i } });
  }
  assertEquals(bytes.length <= MAX_REASON_BYTES, true);
  assertEquals(parseReasons(bytes).at(-1)?.stamp.nano, MAX_REASONS - 1);
});

Deno.test("appendReason(): the fault of the next try replaces that of the last one; hostile bytes and line ends make no line of their own", () => {
  const fault = (text: string) => ({ stamp: STAMP, oom: false, fault: text });
  let bytes = appendReason(new Uint8Array(), fault("one"));
  bytes = appendReason(bytes, fault(`\x1b[2Jtwo\n${LATER_TEXT} oom`));
  assertEquals(decodePath(bytes), `${TEXT} fault=\\x1b[2Jtwo\\x0a${LATER_TEXT} oom\n`);
  bytes = appendReason(bytes, { ...fault("three"), stamp: LATER });
  assertEquals(parseReasons(bytes).length, 2);
});

for (
  const [what, text, expected] of [
    ["words that a later version may know", `${TEXT} oom why=so more`, [{
      stamp: STAMP,
      oom: true,
    }]],
    ["values that are none", `${TEXT} next=tomorrow over=toString`, [{ stamp: STAMP, oom: false }]],
    ["a stamp alone", TEXT, [{ stamp: STAMP, oom: false }]],
    ["no stamp", "oom\n@400000006b02317000000007x oom\n", []],
    ["bytes", "\xff\x00\n\n", []],
    ["half a line at the end", `${TEXT} oom\n${TEXT.slice(0, 9)}`, [{ stamp: STAMP, oom: true }]],
  ] as const
) {
  Deno.test(`parseReasons(), ${what}`, () =>
    assertEquals(parseReasons(encodePath(text)), [...expected]));
}

Deno.test("reasonOf(): the lines of one stamp together, and none of another", () => {
  const reasons: readonly DeathReason[] = [
    { stamp: STAMP, oom: true, next: LATER },
    { stamp: LATER, oom: false, over: "policy" },
    { stamp: STAMP, oom: false, over: "finish" },
  ];
  assertEquals(reasonOf(reasons, STAMP), { stamp: STAMP, oom: true, next: LATER, over: "finish" });
  assertEquals(reasonOf(reasons, { sec: STAMP.sec, nano: 8 }), undefined);
});
