import { assertEquals } from "@std/assert";
import { stampOf } from "../../../../lib/logdir/core/log_stamp.ts";
import { parseTai64n } from "../../../../lib/core/time/tain.ts";

const LABEL = "@400000006b0230d90556ad0c";

function parts(line: string): unknown {
  const stamp = stampOf(new TextEncoder().encode(line));
  return stamp && { ...stamp, rest: line.slice(stamp.length) };
}

Deno.test("stampOf(): TAI64N, and the blank after it", () => {
  const time = parseTai64n(LABEL)!;
  assertEquals(parts(`${LABEL} x`), { kind: "tai64n", time, length: 26, rest: "x" });
  assertEquals(parts(`${LABEL}  x`), { kind: "tai64n", time, length: 26, rest: " x" });
  assertEquals(parts(LABEL), { kind: "tai64n", time, length: 25, rest: "" });
});

Deno.test("stampOf(): a local time, as s6-log writes it and with less", () => {
  const time = { year: 2026, month: 11, day: 22, hour: 1, minute: 2, second: 3 };
  assertEquals(parts("2026-11-22 01:02:03.123456789  x"), {
    kind: "local",
    time,
    nano: 123456789,
    length: 31,
    rest: "x",
  });
  assertEquals(parts("2026-11-22T01:02:03.5 x"), {
    kind: "local",
    time,
    nano: 500000000,
    length: 22,
    rest: "x",
  });
  assertEquals(parts("2026-11-22_01:02:03.12345 x"), {
    kind: "local",
    time,
    nano: 123450000,
    length: 26,
    rest: "x",
  });
  assertEquals(parts("2026-11-22 01:02:03"), {
    kind: "local",
    time,
    nano: 0,
    length: 19,
    rest: "",
  });
});

for (
  const line of [
    "",
    "@",
    LABEL.slice(0, -1),
    "@40000000zb0230d90556ad0c x",
    "2026-13-22 01:02:03 x",
    "2026-11-22 25:02:03 x",
    "26-11-22",
    "plain",
  ]
) {
  Deno.test(`stampOf(): none in "${line}"`, () => assertEquals(parts(line), undefined));
}
