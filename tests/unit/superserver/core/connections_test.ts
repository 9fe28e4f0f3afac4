import { assertEquals } from "@std/assert";
import { Connections, effectiveLimits } from "../../../../lib/superserver/core/connections.ts";

Deno.test("effectiveLimits(): at least one, at most 16384, and of a user no more than of all", () => {
  assertEquals(effectiveLimits({ total: 0, perUser: 0 }), { total: 1, perUser: 0 });
  assertEquals(effectiveLimits({ total: 99999, perUser: Infinity }), {
    total: 16384,
    perUser: 16384,
  });
  assertEquals(effectiveLimits({ total: 3, perUser: 40 }), { total: 3, perUser: 3 });
  assertEquals(effectiveLimits({ total: 40, perUser: 3 }), { total: 40, perUser: 3 });
});

Deno.test("Connections: counts of all and of each user, as they come and go", () => {
  const connections = new Connections({ total: 3, perUser: 2 });
  connections.begin(10, 1000);
  connections.begin(11, 1000);
  assertEquals([connections.admits(1000), connections.admits(0), connections.isFull], [
    false,
    true,
    false,
  ]);
  connections.begin(12, 0);
  assertEquals([connections.of(1000), connections.of(0), connections.isFull], [2, 1, true]);
  assertEquals(connections.pids, [10, 11, 12]);
  assertEquals(connections.end(10), 1000);
  assertEquals(connections.end(10), undefined);
  assertEquals([connections.of(1000), connections.count, connections.admits(1000)], [1, 2, true]);
  connections.end(11);
  assertEquals(connections.of(1000), 0);
});
