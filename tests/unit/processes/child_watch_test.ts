import { assertEquals } from "@std/assert";
import { SIGKILL } from "../../../lib/core/linux/signals.ts";
import { wexitstatus, wtermsig } from "../../../lib/core/linux/wstat.ts";
import { checked } from "../../../lib/libc/bind.ts";
import { kill } from "../../../lib/libc/process.ts";
import { spawn } from "../../../lib/libc/spawn.ts";
import { ChildWatch } from "../../../lib/processes/child_watch.ts";

function start(...argv: readonly [string, ...string[]]): number {
  return checked("spawn", spawn({ path: argv[0], argv, searchPath: true }));
}

/** A listener for signals alone keeps no test alive. */
async function awaited(death: Promise<number>): Promise<number> {
  const alive = setInterval(() => {}, 1000);
  try {
    return await death;
  } finally {
    clearInterval(alive);
  }
}

Deno.test("ChildWatch: a child that ends by itself", async () => {
  using watch = new ChildWatch(start("sh", "-c", "exit 3"));
  assertEquals(wexitstatus(await awaited(watch.death)), 3);
  assertEquals(watch.isDead(), true);
});

Deno.test("ChildWatch: a child lives until it is killed", async () => {
  const pid = start("sleep", "1000");
  using watch = new ChildWatch(pid);
  assertEquals(watch.isDead(), false);
  kill(pid, SIGKILL);
  assertEquals(wtermsig(await awaited(watch.death)), SIGKILL);
});
