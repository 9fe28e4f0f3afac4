import { assertEquals, assertRejects } from "@std/assert";
import { packSvstatus } from "../../../lib/servicedir/core/svstatus.ts";
import type { Wanted } from "../../../lib/servicedir/core/svwait_state.ts";
import { TAIN_ZERO } from "../../../lib/core/time/tain.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { waitForServices } from "../../../lib/servicedir/wait.ts";
import { TemporaryServicedir } from "./temporary_servicedir.ts";

/** A service directory as a supervisor leaves it. */
function withStatus(pid: number): TemporaryServicedir {
  const dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  const flags = {
    flagpaused: false,
    flagfinishing: false,
    flagwantup: false,
    flagready: pid === 0,
  };
  dir.write(
    "supervise/status",
    packSvstatus({ stamp: TAIN_ZERO, readystamp: TAIN_ZERO, pid, wstat: 0, ...flags }),
  );
  return dir;
}

function wait(
  dirs: readonly TemporaryServicedir[],
  wanted: Wanted,
  events: readonly string[],
  options = { any: false, timeoutMs: 0 },
): Promise<number> {
  const onSubscribed = () =>
    dirs.forEach((dir, i) => void notifyFifodir(`${dir.path}/event`, events[i] ?? ""));
  return waitForServices(dirs.map((dir) => dir.path), { wanted, ...options, onSubscribed });
}

Deno.test("waitForServices() is 0 at once if the status says so", async () => {
  using dir = withStatus(0);
  assertEquals(await wait([dir], "D", []), 0);
});

Deno.test("waitForServices() is 0 when the events say so, a missing event directory is made", async () => {
  using dir = withStatus(0);
  assertEquals(await wait([dir], "U", ["uU"]), 0);
  assertEquals([...Deno.readDirSync(`${dir.path}/event`)], []);
  assertEquals(Deno.statSync(`${dir.path}/event`).mode! & 0o7777, 0o3730);
});

Deno.test("waitForServices() sees a state that lasted no longer than one read", async () => {
  using dir = withStatus(7);
  assertEquals(await wait([dir], "d", ["dDu"]), 0);
});

Deno.test("waitForServices() is the number of services that failed", async () => {
  using a = withStatus(0);
  using b = withStatus(0);
  using c = withStatus(0);
  assertEquals(await wait([a, b, c], "u", ["udOD", "u", "x"]), 2);
});

Deno.test("waitForServices() is 99 when the time is up", async () => {
  using dir = withStatus(0);
  assertEquals(await wait([dir], "u", ["s"], { any: false, timeoutMs: 1 }), 99);
});

Deno.test("waitForServices() of many services counts no more than an exit code can say", async () => {
  using stack = new DisposableStack();
  const dirs = Array.from({ length: 260 }, () => stack.use(withStatus(0)));
  assertEquals(await wait(dirs, "u", dirs.map(() => "x")), 255);
});

Deno.test("waitForServices() tells which status can't be read", async () => {
  using never = new TemporaryServicedir();
  using short = withStatus(0);
  short.write("supervise/status", "short");
  await assertRejects(
    () => wait([never], "u", []),
    SyscallError,
    `unable to read status for ${never.path}: No such file or directory`,
  );
  await assertRejects(
    () => wait([short], "u", []),
    SyscallError,
    `unable to read status for ${short.path}: Broken pipe`,
  );
});

Deno.test("what onSubscribed throws ends the waiting and leaves no listener", async () => {
  using dir = withStatus(0);
  const onSubscribed = () => {
    throw new RangeError("no");
  };
  await assertRejects(
    () => waitForServices([dir.path], { wanted: "u", any: false, timeoutMs: 0, onSubscribed }),
    RangeError,
    "no",
  );
  assertEquals([...Deno.readDirSync(`${dir.path}/event`)], []);
});
