import { assertEquals } from "@std/assert";
import {
  descendantsOf,
  parseProcessStat,
  type ProcessStat,
  processTrees,
} from "../../../../lib/core/linux/process_stat.ts";

const REST = "S 1 101 100 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 7 0 123456 1 2 3";

Deno.test("parseProcessStat(): a name with parentheses and blanks", () => {
  const belongs = { ppid: 1, group: 101, session: 100, threads: 7 };
  const stat = {
    pid: 42,
    state: "S",
    ...belongs,
    kernel: false,
    cpuTicks: 100,
    ownTicks: 30,
    startTicks: 123456,
  };
  assertEquals(parseProcessStat(`42 (sleep) ${REST}\n`), stat);
  assertEquals(parseProcessStat(`42 (a) R 9 (b)) ${REST}\n`), stat);
});

Deno.test("parseProcessStat(): a thread of the kernel is one", () => {
  assertEquals(
    parseProcessStat("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 20 0 0 20 0 1 0 9")?.kernel,
    true,
  );
});

for (
  const text of [
    "",
    "42",
    "42 (sleep",
    ")42(",
    "x (y) S 1",
    `42 (sleep) ${REST.replace("123456", "x")}`,
  ]
) {
  Deno.test(`parseProcessStat(): nothing in "${text.slice(0, 20)}"`, () =>
    assertEquals(parseProcessStat(text), undefined));
}

function process(pid: number, ppid: number, session: number): ProcessStat {
  return {
    pid,
    ppid,
    group: session,
    session,
    threads: 1,
    state: "S",
    kernel: false,
    cpuTicks: 0,
    ownTicks: 0,
    startTicks: 0,
  };
}

function trees(processes: readonly ProcessStat[], ...roots: number[]): Record<string, number[]> {
  const found = processTrees(processes, new Set(roots));
  return Object.fromEntries([...found].map(([root, tree]) => [root, tree.map(({ pid }) => pid)]));
}

Deno.test("processTrees(): descendants, orphans of the session, and what these have started", () => {
  const processes = [
    process(1, 0, 1),
    process(10, 1, 10), // a service
    process(11, 10, 10), // its child
    process(12, 1, 10), // its orphan
    process(13, 11, 13), // a grandchild in a session of its own
    process(14, 13, 13), // and its child
    process(20, 1, 20), // another service
    process(30, 1, 30), // nobody's
  ];
  assertEquals(trees(processes, 10, 20, 99), { 10: [10, 11, 12, 13, 14], 20: [20], 99: [] });
});

Deno.test("processTrees(): a process belongs to the nearest root", () => {
  assertEquals(trees([process(10, 1, 10), process(20, 10, 20), process(21, 20, 20)], 10, 20), {
    10: [10],
    20: [20, 21],
  });
});

Deno.test("processTrees(): a circle of parents, as a changing /proc can show, ends", () => {
  assertEquals(trees([process(5, 6, 5), process(6, 5, 6)], 1), { 1: [] });
});

Deno.test("descendantsOf(): children and theirs, and nobody else", () => {
  const processes = [[1, 0], [5, 1], [6, 5], [7, 6], [8, 1], [9, 8], [10, 0]].map((
    [pid, ppid],
  ) => ({ pid: pid!, ppid: ppid! }));
  assertEquals([...descendantsOf(processes, 5)].sort(), [6, 7]);
  assertEquals([...descendantsOf(processes, 1)].sort(), [5, 6, 7, 8, 9]);
  assertEquals(descendantsOf(processes, 10).size, 0);
});
