import { assertEquals } from "@std/assert";
import {
  exitStatusOf,
  wexitstatus,
  wifexited,
  wifsignaled,
  wtermsig,
} from "../../../../lib/core/linux/wstat.ts";

const cases: readonly (readonly [
  what: string,
  wstat: number,
  exit: number | undefined,
  signal: number | undefined,
  status: number,
])[] = [
  ["exit 0", 0x0000, 0, undefined, 0],
  ["exit 1", 0x0100, 1, undefined, 1],
  ["exit 125", 0x7d00, 125, undefined, 125],
  ["exit 255", 0xff00, 255, undefined, 255],
  ["SIGHUP", 0x0001, undefined, 1, 129],
  ["SIGKILL", 0x0009, undefined, 9, 137],
  ["SIGSEGV with a core", 0x008b, undefined, 11, 139],
  ["real-time signal 64", 0x0040, undefined, 64, 192],
  ["stopped by SIGSTOP: neither", 0x137f, undefined, undefined, 19],
];

for (const [what, wstat, exit, signal, status] of cases) {
  Deno.test(`wstat: ${what}`, () => {
    assertEquals(wifexited(wstat), exit !== undefined);
    if (exit !== undefined) assertEquals(wexitstatus(wstat), exit);
    assertEquals(wifsignaled(wstat), signal !== undefined);
    if (signal !== undefined) assertEquals(wtermsig(wstat), signal);
    assertEquals(exitStatusOf(wstat), status);
  });
}
