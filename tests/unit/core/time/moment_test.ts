import { assertEquals } from "@std/assert";
import { parseMoment } from "../../../../lib/core/time/moment.ts";
import { secondsOfDate } from "../../../../lib/core/time/utc_time.ts";

const NOW = secondsOfDate({ year: 2026, month: 11, day: 24, hour: 6, minute: 30, second: 0 });
/** Here it is two hours later than in Greenwich. */
const CONTEXT = {
  now: NOW,
  today: { year: 2026, month: 11, day: 24, hour: 8, minute: 30, second: 0 },
  localSeconds: (time: Parameters<typeof secondsOfDate>[0]): number => secondsOfDate(time) - 7200,
};

function utc(month: number, day: number, hour: number, minute: number, second = 0): number {
  return secondsOfDate({ year: 2026, month, day, hour, minute, second });
}

// deno-fmt-ignore
const cases: readonly (readonly [text: string, seconds: number | undefined])[] = [
  ["now", NOW], ["10m", NOW - 600], ["1h30m", NOW - 5400], ["90", NOW - 90],
  ["08:00", utc(11, 24, 6, 0)], ["08:00:05", utc(11, 24, 6, 0, 5)],
  ["2026-11-23", utc(11, 22, 22, 0)], ["2026-11-23 08:00", utc(11, 23, 6, 0)], ["2026-11-23T08:00:01.5", utc(11, 23, 6, 0, 1) + 0.5],
  ["2026-11-23_08:00", utc(11, 23, 6, 0)],
  ["2026-11-23T08:00Z", utc(11, 23, 8, 0)], ["2026-11-23T08:00:00+01:00", utc(11, 23, 7, 0)], ["2026-11-23 08:00-0530", utc(11, 23, 13, 30)],
  ["@400000006b0230d900000000", 0x6b0230d9 - 37],
  ["", undefined], ["yesterdayish", undefined], ["25:00", undefined], ["2026-13-01", undefined], ["2026-11-23T", undefined], ["08:00Z", undefined],
  ["@40", undefined], ["Z", undefined],
];

for (const [text, seconds] of cases) {
  Deno.test(`parseMoment(): "${text}" is ${seconds ?? "none"}`, () =>
    assertEquals(parseMoment(text, CONTEXT), seconds));
}
