import { assertEquals, assertThrows } from "@std/assert";
import { formatCalendarTime } from "../../../lib/core/time/calendar_time.ts";
import { calendarTime, localTime } from "../../../lib/libc/clock.ts";

const MOMENTS: readonly (readonly [bigint, string])[] = [
  [0n, "1970-01-01 00:00:00"],
  [951782400n, "2000-02-29 00:00:00"],
  [1700000000n, "2023-11-14 22:13:20"],
  [4102444799n, "2099-12-31 23:59:59"],
  [253402300800n, "10000-01-01 00:00:00"],
];

for (const [seconds, expected] of MOMENTS) {
  Deno.test(`calendarTime: ${seconds} is ${expected} in UTC`, () => {
    assertEquals(formatCalendarTime(calendarTime(seconds, { local: false })!), expected);
  });
}

Deno.test("calendarTime: the local time is that of date(1)", async () => {
  const seconds = 1700000000n;
  const { stdout } = await new Deno.Command("date", {
    args: ["-d", `@${seconds}`, "+%Y-%m-%d %H:%M:%S"],
  }).output();
  assertEquals(formatCalendarTime(localTime(seconds)), new TextDecoder().decode(stdout).trimEnd());
});

Deno.test("calendarTime: a year of more than 31 bits is none", () => {
  assertEquals(calendarTime(2n ** 62n, { local: true }), undefined);
  assertThrows(() => localTime(2n ** 62n), RangeError);
});
