import { assertEquals } from "@std/assert";
import { tainFromUnix } from "../../../../lib/core/time/tain.ts";
import { isoTime, secondsOfDate, utcTime } from "../../../../lib/core/time/utc_time.ts";
import { seededRandom } from "../seeded_random.ts";

// deno-fmt-ignore
const moments: readonly (readonly [seconds: number, text: string])[] = [
  [0, "1970-01-01T00:00:00.000000007Z"],
  [951_782_399, "2000-02-28T23:59:59.000000007Z"], [951_782_400, "2000-02-29T00:00:00.000000007Z"], [951_868_800, "2000-03-01T00:00:00.000000007Z"],
  [4_107_542_399, "2100-02-28T23:59:59.000000007Z"], [4_107_542_400, "2100-03-01T00:00:00.000000007Z"],
  [1_795_309_323, "2026-11-22T01:02:03.000000007Z"],
  [-1, "1969-12-31T23:59:59.000000007Z"],
  [-62_167_219_200, "0000-01-01T00:00:00.000000007Z"], [253_402_300_799, "9999-12-31T23:59:59.000000007Z"],
];

for (const [seconds, text] of moments) {
  Deno.test(`isoTime(): ${seconds} is ${text}`, () =>
    assertEquals(isoTime(tainFromUnix(seconds, 7)), text));
}

Deno.test("isoTime() has nothing for stamps that no clock gives", () => {
  assertEquals(isoTime({ sec: 0n, nano: 0 }), undefined);
  assertEquals(isoTime({ sec: 2n ** 64n - 1n, nano: 0 }), undefined);
  assertEquals(isoTime({ sec: 2n ** 62n, nano: 4_000_000_000 }), undefined);
});

Deno.test("utcTime() agrees with the engine's calendar", () => {
  const random = seededRandom(7);
  for (let i = 0; i < 5000; i++) {
    const seconds = random(2 ** 31) * 147 - 62_167_219_200;
    const time = utcTime(BigInt(seconds))!;
    assertEquals(secondsOfDate(time), seconds);
    const engine = new globalThis.Date(seconds * 1000);
    assertEquals(
      [time.year, time.month, time.day, time.hour, time.minute, time.second],
      [
        engine.getUTCFullYear(),
        engine.getUTCMonth() + 1,
        engine.getUTCDate(),
        engine.getUTCHours(),
        engine.getUTCMinutes(),
        engine.getUTCSeconds(),
      ],
    );
  }
});
