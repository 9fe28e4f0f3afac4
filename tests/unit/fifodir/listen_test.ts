import { assertEquals, assertRejects } from "@std/assert";
import { expectEvents } from "../../../lib/fifodir/expect.ts";
import { listen } from "../../../lib/fifodir/listen.ts";
import { notifyFifodir } from "../../../lib/fifodir/notify.ts";
import { SyscallError } from "../../../lib/libc/bind.ts";
import { TemporaryFifodir } from "./temporary_fifodir.ts";

const text = (events: Uint8Array) => new TextDecoder().decode(events);

Deno.test("listen() tells what came where, until it is enough, and leaves nothing behind", async () => {
  using a = new TemporaryFifodir();
  using b = new TemporaryFifodir();
  const seen: string[] = [];
  const inTime = await listen([a.path, b.path], {
    timeoutMs: 0,
    onSubscribed: () => {
      notifyFifodir(b.path, "u");
      return false;
    },
    onEvents: (index, events) => {
      seen.push(`${index}${text(events)}`);
      if (index === 1) notifyFifodir(a.path, "dD");
      return index === 0;
    },
  });
  assertEquals([inTime, seen], [true, ["1u", "0dD"]]);
  assertEquals([a.names(), b.names()], [[], []]);
});

Deno.test("listen() is over at once if enough has happened before", async () => {
  using dir = new TemporaryFifodir();
  assertEquals(
    await listen([dir.path], { timeoutMs: 0, onSubscribed: () => true, onEvents: () => true }),
    true,
  );
  assertEquals(dir.names(), []);
});

Deno.test("listen() gives up when its time is up", async () => {
  using dir = new TemporaryFifodir();
  assertEquals(
    await listen([dir.path], { timeoutMs: 1, onSubscribed: () => false, onEvents: () => true }),
    false,
  );
  assertEquals(dir.names(), []);
});

Deno.test("listen() that fails in one fifodir leaves nothing in the others", async () => {
  using dir = new TemporaryFifodir();
  const options = { timeoutMs: 0, onSubscribed: () => true, onEvents: () => true };
  await assertRejects(
    () => listen([dir.path, "/nonexistent"], options),
    SyscallError,
    "subscribe to /nonexistent",
  );
  assertEquals(dir.names(), []);
});

Deno.test("what a callback of listen() throws comes out, and nothing is left behind", async () => {
  using dir = new TemporaryFifodir();
  const bad = () => {
    throw new RangeError("bad");
  };
  await assertRejects(
    () => listen([dir.path], { timeoutMs: 0, onSubscribed: bad, onEvents: () => true }),
    RangeError,
  );
  const notifying = () => notifyFifodir(dir.path, "u") === 0;
  await assertRejects(
    () => listen([dir.path], { timeoutMs: 0, onSubscribed: notifying, onEvents: bad }),
    RangeError,
  );
  assertEquals(dir.names(), []);
});

Deno.test("expectEvents() shows each expectation all events so far, and returns them", async () => {
  using dir = new TemporaryFifodir();
  const asked: string[] = [];
  const matches = (events: Uint8Array) => {
    asked.push(text(events));
    if (asked.length === 1) notifyFifodir(dir.path, "U");
    return asked.length === 2;
  };
  const onSubscribed = () => void notifyFifodir(dir.path, "su");
  const seen = await expectEvents([{ fifodir: dir.path, matches }], {
    any: false,
    timeoutMs: 0,
    onSubscribed,
  });
  assertEquals([asked, seen?.map(text)], [["su", "suU"], ["suU"]]);
});

for (const any of [false, true]) {
  Deno.test(`expectEvents() waits for ${any ? "one" : "all"} of several expectations`, async () => {
    using a = new TemporaryFifodir();
    using b = new TemporaryFifodir();
    const expectations = [
      { fifodir: a.path, matches: (events: Uint8Array) => text(events).includes("u") },
      {
        fifodir: b.path,
        matches: (events: Uint8Array) => {
          if (!any) notifyFifodir(a.path, "u");
          return text(events).includes("d");
        },
      },
    ];
    const onSubscribed = () => void notifyFifodir(b.path, "d");
    const seen = await expectEvents(expectations, { any, timeoutMs: 0, onSubscribed });
    assertEquals(seen?.map(text), any ? ["", "d"] : ["u", "d"]);
  });
}

Deno.test("expectEvents() is undefined when the time is up", async () => {
  using dir = new TemporaryFifodir();
  const never = { fifodir: dir.path, matches: () => false };
  assertEquals(
    await expectEvents([never], { any: false, timeoutMs: 1, onSubscribed: () => {} }),
    undefined,
  );
});

Deno.test("expectEvents() of nothing is over when that is known", async () => {
  let called = 0;
  assertEquals(
    await expectEvents([], { any: false, timeoutMs: 0, onSubscribed: () => void called++ }),
    [],
  );
  assertEquals(called, 1);
});
