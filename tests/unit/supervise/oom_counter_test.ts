/**
 * The count of the kernel's kills: one kill is one yes, in its time; and machines that do not
 * count.
 */
import { assertEquals } from "@std/assert";
import { OomCounter } from "../../../lib/supervise/oom_counter.ts";

const FILE = "/sys/fs/cgroup/memory.events";

class Machine {
  kills: number | undefined = 0;
  cgroup: string | undefined = "0::/\n";
  readonly counter = new OomCounter((path) => {
    if (path === "/proc/self/cgroup") return this.cgroup;
    return path === FILE && this.kills !== undefined
      ? `max 3\noom_kill ${this.kills}\n`
      : undefined;
  });
}

function marked(kills = 0): Machine {
  const machine = new Machine();
  machine.kills = kills;
  machine.counter.mark();
  return machine;
}

Deno.test("no kill: no; a kill: yes, once", () => {
  const machine = marked(5);
  assertEquals(machine.counter.claim(0), false);
  machine.kills = 6;
  assertEquals([machine.counter.claim(10), machine.counter.claim(11)], [true, false]);
});

Deno.test("several that are killed together: as many yes", () => {
  const machine = marked();
  machine.kills = 2;
  assertEquals([0, 1, 2].map((nowMs) => machine.counter.claim(nowMs)), [true, true, false]);
});

Deno.test("what nobody has claimed a second later was nobody's; what is killed then is somebody's", () => {
  const machine = marked();
  machine.kills = 3;
  assertEquals(machine.counter.claim(0), true);
  assertEquals(machine.counter.claim(1001), false);
  machine.kills = 4;
  assertEquals([machine.counter.claim(5000), machine.counter.claim(5001)], [true, false]);
});

Deno.test("asked before the mark: that is the mark", () => {
  const machine = new Machine();
  machine.kills = 7;
  assertEquals(machine.counter.claim(0), false);
  machine.kills = 8;
  assertEquals(machine.counter.claim(1), true);
});

Deno.test("no cgroup, no file, a file that goes and comes: no", () => {
  const machine = new Machine();
  machine.cgroup = undefined;
  machine.counter.mark();
  assertEquals(machine.counter.claim(0), false);
  const gone = marked(2);
  gone.kills = undefined;
  assertEquals(gone.counter.claim(0), false);
  gone.kills = 2;
  assertEquals(gone.counter.claim(1), false);
  gone.kills = 3;
  assertEquals(gone.counter.claim(2), true);
});

Deno.test("a count that goes back (the process was moved to another cgroup): no, and it counts from there", () => {
  const machine = marked(9);
  machine.kills = 1;
  assertEquals(machine.counter.claim(0), false);
  machine.kills = 2;
  assertEquals(machine.counter.claim(1), true);
});
