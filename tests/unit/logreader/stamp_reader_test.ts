import { assertEquals } from "@std/assert";
import { stampOf } from "../../../lib/logdir/core/log_stamp.ts";
import { tainToUnix } from "../../../lib/core/time/tain.ts";
import { unixTime } from "../../../lib/libc/clock.ts";
import { StampReader } from "../../../lib/logreader/stamp_reader.ts";
import { seededRandom } from "../core/seeded_random.ts";

const encoder = new TextEncoder();

function slowly(line: Uint8Array): readonly [length: number, at: number] {
  const stamp = stampOf(line);
  if (stamp === undefined) return [0, 0];
  const seconds = stamp.kind === "tai64n" ? tainToUnix(stamp.time).seconds : unixTime(stamp.time);
  return [
    stamp.length,
    Number(seconds) + (stamp.kind === "tai64n" ? stamp.time.nano : stamp.nano) / 1e9,
  ];
}

Deno.test("StampReader reads the same as the slow way, line after line", () => {
  const random = seededRandom(5);
  const texts = [
    () => `@400000006b0230d${random(3)}${random(2 ** 31).toString(16).padStart(8, "0")} text`,
    () =>
      `@400000006b0230d${random(3)}${
        random(2 ** 31).toString(16).padStart(8, "0").toUpperCase()
      } text`,
    () => `@400000006b0230d${random(3)}0x000000 text`,
    () => `@400000006b0230d${random(3)}00000000`,
    () => `2026-11-22 01:02:0${random(3)}.${String(random(1_000_000_000)).padStart(9, "0")}  text`,
    () => `2026-11-22 01:02:0${random(3)}.${String(random(1_000)).padStart(3, "0")} text`,
    () => `2026-11-22 01:02:0${random(3)}`,
    () => `2026-11-22 01:02:0${random(3)}.12345678x  text`,
    () => "no stamp at all, but long enough for one",
    () => "",
  ];
  const reader = new StampReader();
  for (let i = 0; i < 20_000; i++) {
    const text = texts[random(texts.length)]!();
    const line = encoder.encode(text);
    const [length, at] = slowly(line);
    assertEquals(reader.read(line), length, text);
    if (length > 0) assertEquals(reader.at, at, text);
  }
});
