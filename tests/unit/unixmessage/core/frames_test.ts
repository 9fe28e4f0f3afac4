import { assertEquals } from "@std/assert";
import { frameOf, FrameReader, MOST_FDS } from "../../../../lib/unixmessage/core/frames.ts";

const bytes = (...values: number[]): Uint8Array<ArrayBuffer> => Uint8Array.from(values);

Deno.test("frameOf(): length, number of descriptors, content", () => {
  assertEquals(frameOf({ content: bytes(7, 8), fds: [3] }), bytes(0, 0, 0, 2, 0, 1, 7, 8));
});

Deno.test("FrameReader: the same messages, however the stream is cut", () => {
  const stream = [{ content: bytes(1, 2, 3), fds: [10, 11] }, { content: bytes(), fds: [] }, {
    content: bytes(4),
    fds: [12],
  }];
  const all = stream.map(frameOf).reduce((a, b) => bytes(...a, ...b));
  for (const size of [1, 2, 5, 9, all.length]) {
    const reader = new FrameReader(100);
    const seen = [];
    for (let at = 0; at < all.length; at += size) {
      reader.add(all.subarray(at, at + size), at === 0 ? [10, 11, 12] : []);
      for (let next = reader.next(); next !== undefined; next = reader.next()) seen.push(next);
    }
    assertEquals(seen, stream, `cut every ${size} bytes`);
    assertEquals(reader.isEmpty, true);
  }
});

Deno.test("FrameReader: a message waits for its descriptors", () => {
  const reader = new FrameReader(100);
  reader.add(bytes(0, 0, 0, 1, 0, 2, 5), [20]);
  assertEquals([reader.next(), reader.isEmpty, reader.waitingFds], [undefined, false, [20]]);
  reader.add(bytes(), [21]);
  assertEquals(reader.next(), { content: bytes(5), fds: [20, 21] });
});

Deno.test("FrameReader: too long, too many descriptors, descriptors without a message", () => {
  const told = (more: Uint8Array, fds: number[] = []): unknown => {
    const reader = new FrameReader(3);
    reader.add(more, fds);
    return reader.next();
  };
  assertEquals(told(bytes(0, 0, 0, 4, 0, 0)), "broken");
  assertEquals(told(bytes(0, 0, 0, 1, 0, MOST_FDS + 1)), "broken");
  const many = Array.from({ length: MOST_FDS + 1 }, (_, i) => i);
  assertEquals(told(bytes(), many), "broken");
  assertEquals(told(bytes(0, 0, 0, 3, 0, 0, 1), many), "broken");
});
