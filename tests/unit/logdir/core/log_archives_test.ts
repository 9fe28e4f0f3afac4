import { assertEquals } from "@std/assert";
import {
  compressionOf,
  filesWithin,
  orderedLogFiles,
} from "../../../../lib/logdir/core/log_archives.ts";

function archive(seconds: number, suffix = "s"): string {
  return `@4000000000000${(seconds + 10).toString(16).padStart(3, "0")}00000000.${suffix}`;
}

Deno.test("orderedLogFiles(): archives by age, then what is not stored yet; nothing else", () => {
  const names = [
    "current",
    "lock",
    "state",
    archive(30),
    archive(10, "u"),
    "processed",
    "previous",
    archive(20, "s.gz"),
    "@short.s",
    "newstate",
  ];
  assertEquals(orderedLogFiles(names), [
    { name: archive(10, "u"), rotatedAt: 10 },
    { name: archive(20, "s.gz"), rotatedAt: 20 },
    { name: archive(30), rotatedAt: 30 },
    { name: "previous" },
    { name: "current" },
  ]);
});

Deno.test("filesWithin(): a file lies between its rotation and the one before", () => {
  const files = orderedLogFiles([archive(10), archive(20), archive(30), "current"]);
  const within = (since?: number, until?: number): string[] => {
    const span = {
      ...(since === undefined ? {} : { since }),
      ...(until === undefined ? {} : { until }),
    };
    return filesWithin(files, span).map(({ name, rotatedAt }) => `${rotatedAt ?? name}`);
  };
  assertEquals(within(), ["10", "20", "30", "current"]);
  assertEquals(within(15), ["20", "30", "current"]);
  assertEquals(within(20), ["20", "30", "current"]);
  assertEquals(within(31), ["current"]);
  assertEquals(within(undefined, 5), ["10"]);
  assertEquals(within(undefined, 15), ["10", "20"]);
  assertEquals(within(12, 18), ["20"]);
});

Deno.test("compressionOf(): by the first bytes, whatever the name", () => {
  const of = (...bytes: number[]): string | undefined => compressionOf(Uint8Array.from(bytes));
  assertEquals(of(0x1f, 0x8b, 8, 0), "gzip");
  assertEquals(of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), "xz");
  assertEquals(of(0x28, 0xb5, 0x2f, 0xfd), "zstd");
  assertEquals(of(0x42, 0x5a, 0x68, 0x39), "bzip2");
  assertEquals(of(0x04, 0x22, 0x4d, 0x18), "lz4");
  assertEquals([of(), of(0x1f), of(...new TextEncoder().encode("BZh a line"))], [
    undefined,
    undefined,
    undefined,
  ]);
});
