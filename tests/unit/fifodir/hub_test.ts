import { assertEquals, assertRejects } from "@std/assert";
import { EventHub } from "../../../lib/fifodir/hub.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { IN_CREATE, IN_DELETE } from "../../../lib/libc/inotify.ts";
import { TemporaryFifodir } from "./temporary_fifodir.ts";

Deno.test("EventHub hears several fifodirs, and nothing of one that it has let go of", async () => {
  using one = new TemporaryFifodir();
  using two = new TemporaryFifodir();
  using hub = new EventHub();
  const heard: string[] = [];
  const first = hub.listen(one.path, (events) => {
    heard.push(`one: ${String.fromCharCode(...events)}`);
    first[Symbol.dispose]();
    assertEquals(one.names(), []);
    notifyFifodir(one.path, "x");
    notifyFifodir(two.path, "dD");
  });
  hub.listen(two.path, (events) => {
    heard.push(`two: ${String.fromCharCode(...events)}`);
    hub.stop();
  });
  notifyFifodir(one.path, "u");
  await hub.run();
  assertEquals(heard, ["one: u", "two: dD"]);
});

Deno.test("EventHub leaves no FIFO behind when it is over", () => {
  using dir = new TemporaryFifodir();
  {
    using hub = new EventHub();
    hub.listen(dir.path, () => {});
    assertEquals(dir.names().length, 1);
  }
  assertEquals(dir.names(), []);
});

Deno.test("EventHub.watchFile() tells what comes and goes in a directory", async () => {
  using dir = new TemporaryFifodir();
  using hub = new EventHub();
  const seen: string[] = [];
  hub.watchFile(dir.path, IN_CREATE | IN_DELETE, ({ name, mask }) => {
    seen.push(`${name} ${mask & IN_CREATE ? "came" : "went"}`);
    if (seen.length === 2) hub.stop();
  });
  Deno.writeTextFileSync(`${dir.path}/file`, "");
  Deno.removeSync(`${dir.path}/file`);
  await hub.run();
  assertEquals(seen, ["file came", "file went"]);
  assertEquals(typeof hub.watchFile("/nonexistent/at/all", IN_CREATE, () => {}), "number");
});

Deno.test("EventHub.watchFile(): several watch one directory, each for its own changes, and one leaves", async () => {
  using dir = new TemporaryFifodir();
  using hub = new EventHub();
  const seen: string[] = [];
  const first = hub.watchFile(dir.path, IN_CREATE, ({ name }) => {
    seen.push(`first: ${name}`);
    (first as Disposable)[Symbol.dispose]();
  });
  hub.watchFile(dir.path, IN_DELETE, () => {
    seen.push("second: gone");
    hub.stop();
  });
  Deno.writeTextFileSync(`${dir.path}/file`, "");
  Deno.writeTextFileSync(`${dir.path}/more`, "");
  Deno.removeSync(`${dir.path}/file`);
  await hub.run();
  assertEquals(seen, ["first: file", "second: gone"]);
});

Deno.test("EventHub.run() throws what a callback has thrown, one of a timer too", async () => {
  using hub = new EventHub();
  hub.after(1, () => {
    throw new RangeError("from a timer");
  });
  await assertRejects(() => hub.run(), RangeError, "from a timer");
  using other = new EventHub();
  using dir = new TemporaryFifodir();
  other.listen(dir.path, () => {
    throw new RangeError("from an event");
  });
  notifyFifodir(dir.path, "u");
  await assertRejects(() => other.run(), RangeError, "from an event");
});
