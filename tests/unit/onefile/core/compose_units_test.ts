import { assertEquals } from "@std/assert";
import { composeDurationMs, composeSizeBytes } from "../../../../lib/onefile/core/compose_units.ts";

Deno.test("durations: those of the Compose specification, rounded up to milliseconds", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["10ms", 10],
    ["40s", 40_000],
    ["1m30s", 90_000],
    ["1h5m30s20ms", 3_930_020],
    ["1.5s", 1500],
    ["0.07s", 70],
    ["0.28s", 280],
    ["1us", 1],
    ["1500us", 2],
    ["0", 0],
    ["0s", 0],
    ["24d", 2_073_600_000],
    ["25d", undefined],
    ["", undefined],
    ["10", undefined],
    ["s", undefined],
    ["-1s", undefined],
    ["1s ", undefined],
    ["1 s", undefined],
    ["1S", undefined],
    [".s", undefined],
    ["1m30", undefined],
  ];
  for (const [text, ms] of rows) assertEquals(composeDurationMs(text), ms, text);
});

Deno.test("sizes: those of the Compose specification", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["2b", 2],
    ["1024kb", 1_048_576],
    ["2048k", 2_097_152],
    ["300m", 314_572_800],
    ["1gb", 1_073_741_824],
    ["1.5K", 1536],
    ["10", 10],
    ["", undefined],
    ["k", undefined],
    ["-1k", undefined],
    ["1kk", undefined],
    ["99999999999g", undefined],
  ];
  for (const [text, bytes] of rows) assertEquals(composeSizeBytes(text), bytes, text);
});
