import { assertEquals, assertRejects } from "@std/assert";
import { packSvstatus } from "../../../lib/servicedir/core/svstatus.ts";
import { TAIN_ZERO } from "../../../lib/core/time/tain.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { commandAndWait, type SendReport } from "../../../lib/servicedir/command_and_wait.ts";
import { TemporaryServicedir } from "./temporary_servicedir.ts";

const SENT: SendReport = { code: 0, failed: [] };

/** A service directory as a supervisor leaves it, with the service up or down. */
function withService(state: "up" | "down"): TemporaryServicedir {
  const dir = new TemporaryServicedir();
  dir.mkdir("supervise");
  dir.mkdir("event");
  const status = packSvstatus({
    stamp: TAIN_ZERO,
    readystamp: TAIN_ZERO,
    pid: state === "up" ? 42 : 0,
    wstat: 0,
    flagpaused: false,
    flagfinishing: false,
    flagwantup: state === "up",
    flagready: state === "down",
  });
  dir.write("supervise/status", status);
  return dir;
}

function listeners(dir: TemporaryServicedir): string[] {
  return [...Deno.readDirSync(`${dir.path}/event`)].map((entry) => entry.name);
}

/** Sends nothing, and plays the supervisor that answers with `events`. */
function answering(dir: TemporaryServicedir, events: string): () => SendReport {
  return () => {
    notifyFifodir(`${dir.path}/event`, events);
    return SENT;
  };
}

Deno.test("commandAndWait() listens before it sends: the answer to the command is not missed", async () => {
  using dir = withService("down");
  const report = await commandAndWait([dir.path], {
    wanted: "U",
    timeoutMs: 0,
    send: answering(dir, "uU"),
  });
  assertEquals(report, { code: 0, failure: undefined });
  assertEquals(listeners(dir), []);
});

Deno.test("commandAndWait() tells a permanent failure", async () => {
  using dir = withService("down");
  const report = await commandAndWait([dir.path], {
    wanted: "u",
    timeoutMs: 0,
    send: answering(dir, "OD"),
  });
  assertEquals(report, {
    code: 1,
    failure: "some services reported permanent failure or their supervisor died",
  });
});

Deno.test("commandAndWait() tells that the time was up", async () => {
  using dir = withService("down");
  const report = await commandAndWait([dir.path], { wanted: "u", timeoutMs: 1, send: () => SENT });
  assertEquals(report, { code: 99, failure: "timed out" });
});

Deno.test("commandAndWait() does not wait for what an undelivered command would have done", async () => {
  using dir = withService("down");
  const send = (): SendReport => ({ code: 102, failed: [dir.path] });
  assertEquals(await commandAndWait([dir.path], { wanted: "u", timeoutMs: 0, send }), {
    code: 102,
    failure: undefined,
  });
  assertEquals(await commandAndWait([dir.path], { wanted: "r", timeoutMs: 0, send }), {
    code: 102,
    failure: undefined,
  });
  assertEquals(listeners(dir), []);
});

Deno.test("commandAndWait() succeeds if the service is as wanted, command or not", async () => {
  using dir = withService("down");
  const send = (): SendReport => ({ code: 102, failed: [dir.path] });
  assertEquals(await commandAndWait([dir.path], { wanted: "D", timeoutMs: 0, send }), {
    code: 0,
    failure: undefined,
  });
});

Deno.test("commandAndWait() says what it can't listen to, and sends nothing then", async () => {
  using dir = new TemporaryServicedir();
  let sent = false;
  const send = (): SendReport => {
    sent = true;
    return SENT;
  };
  await assertRejects(
    () => commandAndWait([`${dir.path}/missing`], { wanted: "u", timeoutMs: 0, send }),
    SyscallError,
    "missing",
  );
  assertEquals(sent, false);
});
