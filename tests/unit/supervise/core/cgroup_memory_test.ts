/**
 * Which file counts the kills of the kernel, by what /proc/self/cgroup says on machines and in
 * containers of all kinds.
 */
import { assertEquals } from "@std/assert";
import {
  memoryLimitFiles,
  oomCountFiles,
  parseMemoryLimit,
  parseOomKills,
} from "../../../../lib/supervise/core/cgroup_memory.ts";

const V1 = "/sys/fs/cgroup/memory";
const V2 = "/sys/fs/cgroup";

for (
  const [what, text, files] of [
    ["version 2, in a namespace of its own", "0::/\n", [`${V2}/memory.events`]],
    ["version 2, the host's path", "0::/docker/abc\n", [
      `${V2}/docker/abc/memory.events`,
      `${V2}/memory.events`,
    ]],
    [
      "version 1 beside version 2, which counts no memory",
      "11:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n0::/docker/abc\n",
      [
        `${V1}/docker/abc/memory.oom_control`,
        `${V1}/memory.oom_control`,
        `${V2}/docker/abc/memory.events`,
        `${V2}/memory.events`,
      ],
    ],
    ["version 1, several controllers in one", "4:cpu,memory:/\n", [`${V1}/memory.oom_control`]],
    ["a path with a colon", "0::/a:b\n", [`${V2}/a:b/memory.events`, `${V2}/memory.events`]],
    ["a cgroup outside of the namespace", "0::/../other\n", []],
    ["no cgroups", "", []],
    ["garbage", "0\nmemory\n:::\n4:memory:relative\n", []],
  ] as const
) {
  Deno.test(`oomCountFiles(), ${what}`, () => assertEquals(oomCountFiles(text), [...files]));
}

for (
  const [what, text, count] of [
    ["version 2", "low 0\nhigh 0\nmax 12\noom 3\noom_kill 2\noom_group_kill 0\n", 2],
    ["version 1", "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n", 7],
    ["an old kernel's", "oom_kill_disable 0\nunder_oom 0\n", undefined],
    ["nothing", "", undefined],
    ["garbage", "oom_kill many\nno oom_kill 3\n", undefined],
  ] as const
) {
  Deno.test(`parseOomKills(), ${what}: ${count}`, () => assertEquals(parseOomKills(text), count));
}

for (
  const [what, text, files] of [
    ["version 2, in a namespace of its own", "0::/\n", [`${V2}/memory.max`]],
    ["version 2, a cgroup in a cgroup", "0::/pod/web\n", [
      `${V2}/memory.max`,
      `${V2}/pod/memory.max`,
      `${V2}/pod/web/memory.max`,
    ]],
    ["version 1", "4:memory:/web\n", [
      `${V1}/memory.limit_in_bytes`,
      `${V1}/web/memory.limit_in_bytes`,
    ]],
    ["no cgroups", "", []],
  ] as const
) {
  Deno.test(`memoryLimitFiles(), ${what}`, () => assertEquals(memoryLimitFiles(text), [...files]));
}

for (
  const [what, text, limit] of [
    ["version 2, none", "max\n", undefined],
    ["a limit", "67108864\n", 67108864],
    ["version 1, none", "9223372036854771712\n", undefined],
    ["nothing", "", undefined],
  ] as const
) {
  Deno.test(`parseMemoryLimit(), ${what}: ${limit}`, () =>
    assertEquals(parseMemoryLimit(text), limit));
}
