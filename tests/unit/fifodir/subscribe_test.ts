import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { isFtrigName } from "../../../lib/servicedir/core/ftrig_name.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { subscribe, Subscription } from "../../../lib/fifodir/subscribe.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { TemporaryFifodir } from "./temporary_fifodir.ts";

const text = (events: Uint8Array) => new TextDecoder().decode(events);

Deno.test("subscribe() makes a FIFO of the name and the mode that notifiers look for, whatever the umask", () => {
  using dir = new TemporaryFifodir();
  const mask = Deno.umask(0o77);
  using _listener = subscribe(dir.path);
  assertEquals(Deno.umask(mask), 0o77);
  const [name, ...others] = dir.names();
  assertEquals(others, []);
  assertEquals(isFtrigName(name!), true);
  assertMatch(name!, /^ftrig1:@4[0-9a-f]{23}:[A-Za-z0-9_-]{6}$/);
  const { mode, isFifo } = Deno.statSync(`${dir.path}/${name}`);
  assertEquals([isFifo, mode! & 0o7777], [true, 0o622]);
});

Deno.test("a listener gets what was notified since it subscribed, in order, and knows when there is nothing", () => {
  using dir = new TemporaryFifodir();
  notifyFifodir(dir.path, "s");
  using listener = subscribe(dir.path);
  assertEquals(text(listener.readEvents()), "");
  notifyFifodir(dir.path, "u");
  notifyFifodir(dir.path, "dD");
  assertEquals(text(listener.readEvents()), "udD");
  assertEquals(text(listener.readEvents()), "");
});

Deno.test("every listener of a fifodir gets every event", () => {
  using dir = new TemporaryFifodir();
  using first = subscribe(dir.path);
  using second = subscribe(dir.path);
  assertEquals(notifyFifodir(dir.path, "u"), 2);
  assertEquals([text(first.readEvents()), text(second.readEvents())], ["u", "u"]);
});

Deno.test("a flood of events is read in full", () => {
  using dir = new TemporaryFifodir();
  using listener = subscribe(dir.path);
  for (let i = 0; i < 16; i++) notifyFifodir(dir.path, "x".repeat(4096));
  assertEquals(listener.readEvents().length, 65536);
});

Deno.test("disposing of a listener removes its FIFO", () => {
  using dir = new TemporaryFifodir();
  subscribe(dir.path)[Symbol.dispose]();
  assertEquals(dir.names(), []);
  assertEquals(notifyFifodir(dir.path, "u"), 0);
});

Deno.test("a listener can be taken over by its descriptor and path", () => {
  using dir = new TemporaryFifodir();
  const { fd, path } = subscribe(dir.path);
  notifyFifodir(dir.path, "d");
  {
    using heir = new Subscription(fd, path);
    assertEquals(text(heir.readEvents()), "d");
  }
  assertEquals(dir.names(), []);
});

Deno.test("subscribe() names the fifodir that can't be listened to", () => {
  const error = assertThrows(() => subscribe("/nonexistent/event"), SyscallError);
  assertEquals(
    error.message,
    "unable to subscribe to /nonexistent/event: No such file or directory",
  );
});
