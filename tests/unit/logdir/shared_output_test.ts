/** An output that several logs share: order, bounds, a reader who is slow, stuck, or gone. */
import { assertEquals } from "@std/assert";
import { EAGAIN, EPIPE } from "../../../lib/core/linux/errno.ts";
import { type OutputSink, SharedOutput } from "../../../lib/logdir/shared_output.ts";
import { bytes } from "../../fake/logdir_story.ts";
import { FakeOutput } from "../../fake/output_world.ts";

class World {
  readonly world = new FakeOutput();
  readonly output = new SharedOutput(this.world);
  /** Which sinks were told of progress. */
  readonly progress: string[] = [];

  sink(name: string, leavesOut = false): OutputSink {
    const leftOut = (count: number) => bytes(`${name}: ${count} left out\n`);
    return this.output.sink({
      onProgress: () => this.progress.push(name),
      ...(leavesOut ? { leftOut } : {}),
    });
  }
}

Deno.test("what there is room for is written at once, and nothing is watched", () => {
  const { world, ...rest } = new World();
  const sink = new SharedOutput(world).sink({ onProgress: () => {} });
  world.space = 100;
  sink.append(bytes("one\n"));
  assertEquals([world.text, sink.pendingBytes, world.watched, world.timers, rest.progress], [
    "one\n",
    0,
    false,
    0,
    [],
  ]);
});

Deno.test("what does not fit waits, in the order in which it came, whoever wrote it", () => {
  const shared = new World();
  const [a, b] = [shared.sink("a"), shared.sink("b")];
  shared.world.space = 6;
  for (const [sink, text] of [[a, "a1\n"], [b, "b1\n"], [a, "a2\n"], [b, "b2\n"]] as const) {
    sink.append(bytes(text));
  }
  assertEquals([shared.world.text, a.pendingBytes, b.pendingBytes], ["a1\nb1\n", 3, 3]);
  shared.world.read(3);
  assertEquals([shared.world.text, a.pendingBytes, b.pendingBytes, shared.progress], [
    "a1\nb1\na2\n",
    0,
    3,
    ["a"],
  ]);
  shared.world.read(100);
  assertEquals([shared.world.text, shared.world.watched, shared.world.timers], [
    "a1\nb1\na2\nb2\n",
    false,
    0,
  ]);
});

Deno.test("whole lines are written together, so that nobody else's comes between their parts", () => {
  const shared = new World();
  shared.world.space = 8;
  shared.sink("a").append(bytes("one\ntwo\nthree\n"));
  assertEquals(shared.world.writes, ["one\ntwo\n"]);
  shared.world.read(4);
  assertEquals(shared.world.writes, ["one\ntwo\n", "thre"]); // longer than what there is room for
});

Deno.test("what waits is a copy", () => {
  const shared = new World();
  const text = bytes("one\n");
  shared.sink("a").append(text);
  text.fill(0);
  shared.world.read(10);
  assertEquals(shared.world.text, "one\n");
});

Deno.test("a reader who takes nothing for a second is stuck; one who takes little is not", () => {
  const shared = new World();
  const sink = shared.sink("a");
  sink.append(bytes("one\ntwo\n"));
  shared.world.elapse(999);
  assertEquals(sink.isStuck, false);
  shared.world.read(4);
  shared.world.elapse(1);
  assertEquals(sink.isStuck, false);
  shared.world.elapse(1000);
  assertEquals([sink.isStuck, sink.heldBytes, shared.world.timers], [true, 4, 0]);
  shared.world.read(4);
  assertEquals([sink.isStuck, shared.world.text, shared.world.timers], [false, "one\ntwo\n", 0]);
});

Deno.test("while the reader is stuck, a log that may do without him goes on; when he is back he is told how much is missing", () => {
  const shared = new World();
  const [a, b] = [shared.sink("a", true), shared.sink("b", true)];
  a.append(bytes("kept\n"));
  assertEquals(a.heldBytes, 5);
  shared.world.elapse(1000);
  assertEquals([a.heldBytes, shared.progress], [0, ["a"]]);
  a.append(bytes("x\ny\nz\n"));
  b.append(bytes("x\n"));
  assertEquals([a.pendingBytes, b.pendingBytes], [5, 0]);
  shared.world.read(1000);
  b.append(bytes("again\n"));
  assertEquals(shared.world.text, "kept\na: 3 left out\nb: 1 left out\nagain\n");
});

Deno.test("a log that has nothing but this output waits for a stuck reader", () => {
  const shared = new World();
  const sink = shared.sink("a");
  sink.append(bytes("one\n"));
  shared.world.elapse(5000);
  sink.append(bytes("two\n"));
  assertEquals(sink.heldBytes, 8);
  shared.world.read(100);
  assertEquals(shared.world.text, "one\ntwo\n");
});

Deno.test("a log that ends takes what it waits with out of the way", () => {
  const shared = new World();
  const [a, b] = [shared.sink("a"), shared.sink("b")];
  a.append(bytes("a\n"));
  b.append(bytes("b\n"));
  a.drop();
  shared.world.read(100);
  assertEquals([shared.world.text, shared.world.watched], ["b\n", false]);
  b.drop();
});

Deno.test("EAGAIN is no error", () => {
  const shared = new World();
  shared.world.errno = EAGAIN;
  const sink = shared.sink("a");
  sink.append(bytes("a\n"));
  shared.world.errno = 0;
  shared.world.read(10);
  assertEquals([shared.world.text, shared.world.warnings], ["a\n", []]);
});

Deno.test("after an error it is given up for good: said once, nobody waits", () => {
  const shared = new World();
  const sink = shared.sink("a");
  sink.append(bytes("a\n"));
  shared.world.errno = EPIPE;
  shared.world.read(1);
  sink.append(bytes("b\n"));
  assertEquals([sink.pendingBytes, shared.world.watched, shared.world.timers, shared.progress], [
    0,
    false,
    0,
    ["a"],
  ]);
  assertEquals(shared.world.warnings, [
    "unable to write to stdout, closing the stream - error was: Broken pipe",
  ]);
});
