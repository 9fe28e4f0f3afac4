/** A process of somebody else that is watched and signalled by a pidfd. */
import { assert, assertEquals } from "@std/assert";
import { UNKNOWN_WSTAT } from "../../../lib/core/linux/wstat.ts";
import { SIGKILL } from "../../../lib/core/linux/signals.ts";
import { Poller } from "../../../lib/libc/epoll.ts";
import { pidfdOpen } from "../../../lib/libc/pidfd.ts";
import { AdoptedChild, type AdoptedChildOptions } from "../../../lib/supervise/adopted_child.ts";
import { within } from "../../fixture/deadline.ts";

/** The wait status that is told when a process is killed, which this test's runtime reaps. */
async function toldOf(
  endOf?: AdoptedChildOptions["endOf"],
  { isReaped = false } = {},
): Promise<number> {
  using poller = new Poller();
  const process = new Deno.Command("sleep", { args: ["1000"] }).spawn();
  const pidfd = pidfdOpen(process.pid);
  if (isReaped) process.kill("SIGKILL");
  if (isReaped) await process.status;
  const told = Promise.withResolvers<number>();
  const options = endOf === undefined ? {} : { endOf };
  const child = new AdoptedChild(poller, { pidfd, onDeath: told.resolve, ...options });
  const loop = poller.run();
  child.kill(process.pid, SIGKILL);
  await process.status;
  const wstat = await within(told.promise, "its death");
  poller.stop();
  await loop;
  return wstat;
}

Deno.test("a death by signal: what the kernel tells, or that it is not known", async () => {
  const wstat = await toldOf();
  assert([SIGKILL, UNKNOWN_WSTAT].includes(wstat), String(wstat));
});

Deno.test("a kernel that does not tell how it ended", async () =>
  assertEquals(await toldOf(() => "unknown"), UNKNOWN_WSTAT));

Deno.test("a parent that never reaps it: we go on without knowing", async () =>
  assertEquals(await toldOf(() => "later"), UNKNOWN_WSTAT));

Deno.test("a parent that reaps it late: the status is what the kernel tells then", async () => {
  let asked = 0;
  const endOf = (): number | "later" => asked++ === 0 ? "later" : 0x300;
  assertEquals(await toldOf(endOf, { isReaped: true }), 0x300);
});
