import { assertEquals } from "@std/assert";
import {
  humanBytes,
  humanCpuTime,
  humanDuration,
  humanTimeout,
  parseDuration,
} from "../../../../lib/core/time/human_units.ts";

// deno-fmt-ignore
const durations: readonly (readonly [seconds: number, text: string])[] = [
  [-5, "0s"], [0, "0s"], [59.9, "59s"], [60, "1m"], [61, "1m 1s"], [3599, "59m 59s"], [3600, "1h"], [3660, "1h 1m"], [86_399, "23h 59m"],
  [86_400, "1d"], [90_000, "1d 1h"], [8_640_000, "100d"],
];

for (const [seconds, text] of durations) {
  Deno.test(`humanDuration(): ${seconds} seconds are ${text}`, () =>
    assertEquals(humanDuration(seconds), text));
}

Deno.test("humanTimeout() tells fractions of seconds while they matter", () => {
  assertEquals([200, 1500, 9000, 30_000, 90_000].map(humanTimeout), [
    "0.2s",
    "1.5s",
    "9s",
    "30s",
    "1m 30s",
  ]);
});

Deno.test("humanCpuTime() tells hundredths below ten seconds", () => {
  assertEquals([0, 0.128, 9.999, 10, 75].map(humanCpuTime), [
    "0.00s",
    "0.12s",
    "9.99s",
    "10s",
    "1m 15s",
  ]);
});

// deno-fmt-ignore
const sizes: readonly (readonly [bytes: number, text: string])[] = [
  [0, "0B"], [1023, "1023B"], [1024, "1.0K"], [10_188, "9.9K"], [10_240, "10K"], [1_022_976, "999K"], [1_023_488, "1.0M"], [1 << 30, "1.0G"],
  [3 * 2 ** 40, "3.0T"], [2 ** 62, "4096P"],
];

for (const [bytes, text] of sizes) {
  Deno.test(`humanBytes(): ${bytes} bytes are ${text}`, () =>
    assertEquals(humanBytes(bytes), text));
}

// deno-fmt-ignore
const parsed: readonly (readonly [text: string, seconds: number | undefined])[] = [
  ["90", 90], ["1.5", 1.5], ["10m", 600], ["2h30m", 9000], ["1d 12h", 129_600], ["500ms", 0.5], ["1w", 604_800], ["0s", 0],
  ["", undefined], ["m", undefined], ["10x", undefined], ["-5", undefined], ["1h-5m", undefined], ["10 m", undefined], ["5m3", undefined],
];

for (const [text, seconds] of parsed) {
  Deno.test(`parseDuration(): "${text}" is ${seconds ?? "none"}`, () =>
    assertEquals(parseDuration(text), seconds));
}
