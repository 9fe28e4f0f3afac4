import { assertEquals } from "@std/assert";
import { formatCalendarTime } from "../../../../lib/core/time/calendar_time.ts";

Deno.test("formatCalendarTime: two digits each, and a year as it is", () => {
  assertEquals(
    formatCalendarTime({ year: 2026, month: 1, day: 2, hour: 3, minute: 4, second: 5 }),
    "2026-01-02 03:04:05",
  );
  assertEquals(
    formatCalendarTime({ year: 12026, month: 11, day: 12, hour: 13, minute: 14, second: 60 }),
    "12026-11-12 13:14:60",
  );
});
