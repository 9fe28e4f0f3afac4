/** Who of a table of processes belongs to a session or group whose leader is gone. */
import { assertEquals } from "@std/assert";
import { isLiving, livingMembers } from "../../../../lib/supervise/core/leftovers.ts";
import type { ProcessStat } from "../../../../lib/core/linux/process_stat.ts";

function process(changes: Partial<ProcessStat>): ProcessStat {
  return {
    pid: 50,
    state: "S",
    ppid: 1,
    threads: 1,
    group: 50,
    session: 50,
    kernel: false,
    cpuTicks: 0,
    ownTicks: 0,
    startTicks: 1,
    ...changes,
  };
}

for (
  const [what, changes, lives] of [
    ["asleep", {}, true],
    ["stopped", { state: "T" }, true],
    ["waiting for a disk", { state: "D" }, true],
    ["a zombie", { state: "Z" }, false],
    ["dead", { state: "X" }, false],
    ["a zombie whose other threads run", { state: "Z", threads: 2 }, true],
  ] as const
) {
  Deno.test(`isLiving(): ${what}: ${lives}`, () => assertEquals(isLiving(process(changes)), lives));
}

const TABLE: readonly ProcessStat[] = [
  process({ pid: 1, group: 0, session: 0 }),
  process({ pid: 11, group: 10, session: 10 }),
  process({ pid: 12, group: 12, session: 10 }),
  process({ pid: 13, group: 10, session: 10, state: "Z" }),
  process({ pid: 20, group: 20, session: 20 }),
  process({ pid: 21, group: 20, session: 20 }),
  process({ pid: 31, group: 30, session: 1 }),
];

for (
  const [what, id, pids] of [
    ["those of its session, whatever their group, and no zombie", 10, [11, 12]],
    ["nobody, if a process has the number: it is another session", 20, []],
    ["those of its group, whatever their session", 30, [31]],
    ["nobody, if nobody is left", 99, []],
  ] as const
) {
  Deno.test(`livingMembers(): ${what}`, () =>
    assertEquals(livingMembers(TABLE, id).map(({ pid }) => pid), [...pids]));
}
