import { assertEquals } from "@std/assert";
import { SlowDisk } from "../../../lib/supervise/slow_disk.ts";

interface Alarm {
  readonly delayMs: number;
  ring(): void;
  isDisposed: boolean;
}

function setUp(): {
  readonly disk: SlowDisk;
  readonly touched: (() => void)[];
  readonly alarms: Alarm[];
  readonly warnings: string[];
} {
  const touched: (() => void)[] = [];
  const alarms: Alarm[] = [];
  const warnings: string[] = [];
  const disk = new SlowDisk({
    touch: () => new Promise((resolve) => touched.push(resolve)),
    later: (delayMs, onTime) => {
      const alarm = { delayMs, ring: onTime, isDisposed: false };
      alarms.push(alarm);
      return { [Symbol.dispose]: () => alarm.isDisposed = true };
    },
    warn: (text) => warnings.push(text.replace(/ \(.*/, "")),
  }, "the disk on /srv");
  return { disk, touched, alarms, warnings };
}

Deno.test("SlowDisk: all who wait at a time have one question, and one who comes later a new one", async () => {
  const { disk, touched, alarms, warnings } = setUp();
  const first = [disk.answers(3), disk.answers(4)];
  assertEquals(touched.length, 1);
  touched[0]!();
  await Promise.all(first);
  assertEquals([alarms[0]!.isDisposed, disk.isStuck, warnings], [true, false, []]);
  const second = disk.answers(4);
  assertEquals(touched.length, 2);
  touched[1]!();
  await second;
});

Deno.test("SlowDisk: one that has not answered for a second is stuck, and told; told again when it goes on", async () => {
  const { disk, touched, alarms, warnings } = setUp();
  const answer = disk.answers(3);
  assertEquals(alarms[0]!.delayMs, 1000);
  alarms[0]!.ring();
  assertEquals(disk.isStuck, true);
  touched[0]!();
  await answer;
  assertEquals(disk.isStuck, false);
  assertEquals(warnings, [
    "the disk on /srv is stuck: nothing can be written there",
    "the disk on /srv goes on: status and events of the services there follow now",
  ]);
});
