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
    ["1w", 604_800_000],
    ["4w", undefined],
    [".5m", 30_000],
    ["1.s", 1000],
    ["+5s", 5000],
    ["1500000ns", 2],
    ["1500µs", 2],
    ["1500μs", 2],
    ["1h.5m", 3_630_000],
    [".", undefined],
    ["1..s", undefined],
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
    ["1t", 1_099_511_627_776],
    ["1p", 1_125_899_906_842_624],
    ["2KiB", 2048],
    ["2kib", 2048],
    ["1.5 MB", 1_572_864],
    [".5k", 512],
    ["5.", 5],
    ["+1k", 1024],
    ["1i", undefined],
    ["1kbb", undefined],
    ["1bb", undefined],
    ["1  k", undefined],
    ["1 ", 1],
    ["", undefined],
    ["k", undefined],
    ["-1k", undefined],
    ["1kk", undefined],
    ["99999999999g", undefined],
  ];
  for (const [text, bytes] of rows) assertEquals(composeSizeBytes(text), bytes, text);
});
